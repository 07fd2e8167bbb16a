#!/usr/bin/env node
// @ts-nocheck A plain script, run by Node as it stands.
/**
 * A second implementation of the decoder of docs/formats/nc1.md, written from that page, RFC 9285,
 * RFC 1951 and RFC 7518 alone. It shares no code with the packages. It unpacks and verifies nothing.
 *
 *   node docs/formats/vectors/nc1.js            unpacks every code of nc1.json
 *   node docs/formats/vectors/nc1.js - < FILE   unpacks the codes of a file of the same form
 */
import { createDecipheriv, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { base64url, coordinates, demand, expand, Refusal, section, sha256 } from './nc1-text.js'

const beside = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
const dictionary = Buffer.from(JSON.parse(beside('nc1-dictionary.json')).pieces.join(''), 'utf8')

const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

function base45(text) {
  demand(text.length % 3 !== 1)
  const octets = []
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((symbol) => BASE45.indexOf(symbol))
    demand(!digits.includes(-1))
    const value = digits.reduce((sum, digit, place) => sum + digit * 45 ** place, 0)
    demand(value < 256 ** (digits.length - 1))
    if (digits.length === 3) octets.push(value >> 8)
    octets.push(value & 255)
  }
  return Buffer.from(octets)
}

function inflate(octets) {
  demand(octets.length > 0)
  try {
    const { buffer, engine } = inflateRawSync(octets, {
      dictionary,
      info: true,
      maxOutputLength: 16 * 1024,
    })
    demand(engine.bytesWritten === octets.length)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer)
  } catch {
    throw new Refusal('gate_code')
  }
}

function frame(octets) {
  const reader = section(octets)
  const [first, disclosures] = reader.take(2)
  demand(first >> 4 === 1)
  const textLength = reader.number()
  const head = octets.subarray(0, octets.length - reader.left())
  const tag = reader.take(4)
  const body = reader.rest()
  demand(textLength <= body.length)
  const matches = (audience, nonce) =>
    sha256(`${audience ?? ''}\n${nonce ?? ''}\n`, head, body)
      .subarray(0, 4)
      .equals(tag)
  const unpack = (known, parts) => {
    const text = inflate(body.subarray(0, textLength))
    const texts = expand(text, body.subarray(textLength), known)
    demand(texts.length === parts && texts.join('~').length <= 64 * 1024)
    return texts.join('~')
  }
  return { flags: first & 15, disclosures, matches, unpack }
}

function unpackChallenge(code) {
  demand(code.startsWith('NCC1:') && code.length <= 4296)
  const { flags, disclosures, matches, unpack } = frame(base45(code.slice(5)))
  demand(flags === 8 && disclosures === 0 && matches(null, null))
  return unpack({ audience: null, nonce: null }, 1)
}

function unpackAnswer(code, { audience, nonces, keys }) {
  demand(code.startsWith('NC1:') && code.length <= 4296)
  const outer = base45(code.slice(4))
  demand(outer.length > 0 && outer[0] >> 4 === 1)
  const encrypted = (outer[0] & 4) !== 0
  const { flags, disclosures, matches, unpack } = frame(encrypted ? decrypt(outer, keys) : outer)
  demand(flags < 4)
  const known = { audience: flags & 1 ? audience : null, nonce: null }
  if (flags & 2) {
    const found = nonces.find((nonce) => matches(known.audience, nonce))
    demand(found !== undefined, 'gate_code_nonce')
    known.nonce = found
  } else {
    demand(matches(known.audience, null), flags & 1 ? 'gate_code_audience' : 'gate_code')
  }
  const presentation = unpack(known, disclosures + 2)
  const nonce = known.nonce ?? carriedNonce(presentation)
  return { presentation, nonce, nonceCarried: known.nonce === null, encrypted }
}

/** The `nonce` of the KB-JWT, which stands after the last tilde. */
function carriedNonce(presentation) {
  const binding = presentation.slice(presentation.lastIndexOf('~') + 1).split('.')[1] ?? ''
  let nonce
  try {
    nonce = JSON.parse(Buffer.from(binding, 'base64url').toString()).nonce
  } catch {
    throw new Refusal('gate_code')
  }
  demand(typeof nonce === 'string')
  return nonce
}

/** RFC 7518 §4.6.2 and §5.3 with the header that the page describes. */
function decrypt(octets, keys) {
  demand((octets[0] & 15) === 4 || (octets[0] & 15) === 5)
  const enc = octets[0] & 1 ? 'A256GCM' : 'A128GCM'
  const reader = section(octets.subarray(1))
  const { x, y } = coordinates(reader.take(33))
  const [iv, tag, ciphertext] = [reader.take(12), reader.take(16), reader.rest()]
  const epk = { x, crv: 'P-256', kty: 'EC', y }
  const header = base64url(JSON.stringify({ alg: 'ECDH-ES', enc, epk }))
  const publicKey = createPublicKey({ key: epk, format: 'jwk' })
  const bits = enc === 'A256GCM' ? 256 : 128
  const prefixed = (text) => Buffer.concat([uint32(text.length), Buffer.from(text)])
  for (const key of keys) {
    const privateKey = createPrivateKey({ key, format: 'jwk' })
    const secret = diffieHellman({ privateKey, publicKey })
    const party = [prefixed(enc), uint32(0), uint32(0), uint32(bits)]
    const contentKey = sha256(uint32(1), secret, ...party).subarray(0, bits / 8)
    const decipher = createDecipheriv(`aes-${bits}-gcm`, contentKey, iv)
    decipher.setAAD(Buffer.from(header)).setAuthTag(tag)
    try {
      return Buffer.concat([decipher.update(ciphertext), decipher.final()])
    } catch {
      // Another of the gate's keys may open it.
    }
  }
  throw new Refusal('gate_code_encrypted')
}

const uint32 = (value) => {
  const octets = Buffer.alloc(4)
  octets.writeUInt32BE(value)
  return octets
}

/** What becomes of a code: its text, or the code of the refusal. */
function outcome(unpack) {
  try {
    return unpack()
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code }
    throw error
  }
}

const vectors = JSON.parse(process.argv[2] === '-' ? readFileSync(0, 'utf8') : beside('nc1.json'))
const answer = ({ code, ...gate }) => outcome(() => unpackAnswer(code, gate))
const challenge = ({ code }) => outcome(() => ({ request_object: unpackChallenge(code) }))
process.stdout.write(
  `${JSON.stringify({
    answers: vectors.answers.map(answer),
    challenges: vectors.challenges.map(challenge),
    refused_answers: vectors.refused_answers.map(answer),
    refused_challenges: vectors.refused_challenges.map(challenge),
  })}\n`,
)
