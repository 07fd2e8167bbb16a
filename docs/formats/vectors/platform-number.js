#!/usr/bin/env node
// @ts-nocheck A plain script, run by Node as it stands.
/**
 * A second implementation of platform numbers, written from RFC 9380, RFC 5869, SEC 1 and ISO 7064
 * alone: big integers, SHA-256, and nothing else. It shares no code with the packages, is slow, and
 * not fit for secrets: all it does is to say what the right answer is, with keys from public strings.
 *
 *   node docs/formats/vectors/platform-number.js > docs/formats/vectors/platform-number.json
 */
import { createHash } from 'node:crypto'

// FIPS 186-4 D.1.2.3
const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const A = p - 3n
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
// RFC 9380 §8.2
const Z = p - 10n
const DST = 'netcert/platform-number/v1/P256_XMD:SHA-256_SSWU_RO_'

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const integer = (bytes) => (bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`))
const octets = (value, length) => Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex')
const base64url = (bytes) => Buffer.from(bytes).toString('base64url')
const mod = (value, modulus) => ((value % modulus) + modulus) % modulus

function power(base, exponent, modulus) {
  let result = 1n
  for (let b = mod(base, modulus), e = exponent; e > 0n; e >>= 1n, b = (b * b) % modulus) {
    if (e & 1n) result = (result * b) % modulus
  }
  return result
}

/** Fermat: 0 gives 0, as inv0 of RFC 9380 wants it. */
const inverse = (value, prime) => power(value, prime - 2n, prime)
const curve = (x) => mod(x * x * x + A * x + B, p)
const isSquare = (value) => value === 0n || power(value, (p - 1n) / 2n, p) === 1n
/** p = 3 mod 4. */
const squareRoot = (value) => power(value, (p + 1n) / 4n, p)

/** Chord and tangent; null is the identity. */
function add(P, Q) {
  if (P === null) return Q
  if (Q === null) return P
  if (P.x === Q.x && mod(P.y + Q.y, p) === 0n) return null
  const slope =
    P.x === Q.x
      ? (3n * P.x * P.x + A) * inverse(2n * P.y, p)
      : (Q.y - P.y) * inverse(mod(Q.x - P.x, p), p)
  const x = mod(slope * slope - P.x - Q.x, p)
  return { x, y: mod(slope * (P.x - x) - P.y, p) }
}

function multiply(P, scalar) {
  let result = null
  for (const bit of scalar.toString(2)) {
    result = add(result, result)
    if (bit === '1') result = add(result, P)
  }
  return result
}

/** SEC 1 §2.3.3 */
const compress = (P) => Buffer.concat([Buffer.of(P.y & 1n ? 3 : 2), octets(P.x, 32)])
const negate = (P) => ({ x: P.x, y: p - P.y })

/** RFC 9380 §5.3.1, SHA-256: blocks of 64, digests of 32 octets. */
function expandMessage(message, dst, length) {
  const suffix = Buffer.concat([dst, Buffer.of(dst.length)])
  const first = sha256(Buffer.alloc(64), message, Buffer.of(length >> 8, length & 255, 0), suffix)
  const blocks = [sha256(first, Buffer.of(1), suffix)]
  while (blocks.length * 32 < length) {
    const mixed = first.map((octet, at) => octet ^ blocks.at(-1)[at])
    blocks.push(sha256(mixed, Buffer.of(blocks.length + 1), suffix))
  }
  return Buffer.concat(blocks).subarray(0, length)
}

/** RFC 9380 §6.6.2, the operations as they stand there. */
function mapToCurve(u) {
  const tv1 = inverse(mod(Z * Z * power(u, 4n, p) + Z * u * u, p), p)
  const x1 =
    tv1 === 0n ? mod(B * inverse(mod(Z * A, p), p), p) : mod(-B * inverse(A, p) * (1n + tv1), p)
  const x = isSquare(curve(x1)) ? x1 : mod(Z * u * u * x1, p)
  const y = squareRoot(curve(x))
  return { x, y: (u & 1n) === (y & 1n) ? y : p - y }
}

/** RFC 9380 §3, hash_to_curve: L = 48, two elements, cofactor 1. */
function hashToCurve(message, dst) {
  const uniform = expandMessage(Buffer.from(message), Buffer.from(dst), 96)
  const u = [integer(uniform.subarray(0, 48)) % p, integer(uniform.subarray(48)) % p]
  return add(mapToCurve(u[0]), mapToCurve(u[1]))
}

/** RFC 2104 */
function hmac(key, message) {
  const block = Buffer.concat([key, Buffer.alloc(64 - key.length)])
  const pad = (octet) => block.map((byte) => byte ^ octet)
  return sha256(pad(0x5c), sha256(pad(0x36), message))
}

/** RFC 5869 §2.3, two blocks of which 48 octets are kept. */
function hkdfExpand(key, info) {
  const first = hmac(key, Buffer.concat([info, Buffer.of(1)]))
  const second = hmac(key, Buffer.concat([first, info, Buffer.of(2)]))
  return Buffer.concat([first, second]).subarray(0, 48)
}

function personKey({ key, salt }) {
  const info = Buffer.concat([Buffer.from('netcert/platform-number/v1/key'), salt])
  return 1n + (integer(hkdfExpand(key, info)) % (n - 1n))
}

/** ISO 7064 MOD 97-10 over the decimal text, as ISO 13616 writes it out. */
function checkDigits(symbols) {
  const decimal = [...symbols].map((symbol) => Number.parseInt(symbol, 36)).join('')
  return String(98n - (BigInt(`${decimal}00`) % 97n)).padStart(2, '0')
}

function numberOf(id, point) {
  const prefix = Buffer.from(`netcert/platform-number/v1/out|${id}|`)
  const digest = sha256(prefix, compress(point))
  const bits = integer(digest).toString(2).padStart(256, '0')
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const symbols = Array.from({ length: 20 }, (_, at) => {
    return alphabet[Number.parseInt(bits.slice(5 * at, 5 * at + 5), 2)]
  }).join('')
  const number = `P${symbols}${checkDigits(symbols)}`
  return { digest: digest.toString('hex'), symbols, number }
}

/** The whole walk: wallet, issuer, platform. */
function walk(id, person, r) {
  const H = hashToCurve(id, DST)
  const b = multiply(H, r)
  const e = multiply(b, personKey(person))
  const unblinded = multiply(e, inverse(r, n))
  const texts = Object.entries({ H, b, e, unblinded }).map(([k, P]) => [k, base64url(compress(P))])
  return {
    platform: id,
    person: person.name,
    r: base64url(octets(r, 32)),
    ...Object.fromEntries(texts),
    ...numberOf(id, unblinded),
  }
}

const secret = (name) => sha256(Buffer.from(`netcert test vector ${name}`))
const blinding = (name) => 1n + (integer(secret(name)) % (n - 1n))
const key = secret('K_pn')
const mei = { name: 'mei', key, salt: secret('salt of mei') }
const bo = { name: 'bo', key, salt: secret('salt of bo') }

const accept = [
  walk('p-4711', mei, blinding('r1')),
  walk('p-4711', mei, blinding('r2')),
  walk('p-4711', bo, blinding('r1')),
  walk('p-4712', mei, blinding('r1')),
  walk('p-4711', mei, 1n),
  walk('p-4711', mei, n - 1n),
  walk('平台-7', mei, blinding('r3')),
  walk('caf\u00e9', mei, blinding('r4')),
  walk('cafe\u0301', mei, blinding('r4')),
  walk('a|b', mei, blinding('r5')),
  walk('x'.repeat(128), bo, blinding('r6')),
]

/** What must be refused where it is opened, one difference each from the first walk. */
function rejected() {
  const [first, , , other] = accept
  const H = hashToCurve(first.platform, DST)
  const r = blinding('r1')
  const base = { platform: first.platform, b: first.b, e: first.e, r: first.r }
  const refusal = (title, changes, code) => ({ title, ...base, ...changes, code })
  const invalid = (title, k, text) => refusal(title, { [k]: text }, 'platform_number_invalid')
  const mismatch = (title, changes) => refusal(title, changes, 'platform_number_mismatch')
  const rows = [...pointFaults(first.b, multiply(H, r))].flatMap(([title, text]) => {
    return [invalid(`b ${title}`, 'b', text), invalid(`e ${title}`, 'e', text)]
  })
  const scalar = (value) => base64url(octets(value, 32))
  return [
    ...rows,
    invalid('r is zero', 'r', scalar(0n)),
    invalid('r is the order', 'r', scalar(n)),
    invalid('r is above the order', 'r', scalar(n + (r % 1000n))),
    invalid('r has 31 bytes', 'r', base64url(octets(r, 32).subarray(1))),
    invalid('r has 33 bytes', 'r', base64url(octets(r, 33))),
    invalid('r is padded', 'r', `${first.r}=`),
    invalid('r has spare bits', 'r', spareBits(first.r)),
    invalid('r is empty', 'r', ''),
    mismatch('r of the same person at another platform', { b: other.b, e: other.e, r: other.r }),
    mismatch('a copy of another platform, shown here', { platform: other.platform }),
    mismatch('another blinding', { r: scalar(blinding('r2')) }),
    mismatch('the negative blinding', { r: scalar(n - r) }),
    mismatch('b of the other sign', { b: base64url(compress(negate(multiply(H, r)))) }),
    mismatch('b and e swapped', { b: first.e, e: first.b }),
  ]
}

/** Texts that are no compressed point in its one form. */
function pointFaults(text, point) {
  let off = 1n
  while (isSquare(curve(off))) off += 1n
  let small = 1n
  while (!isSquare(curve(small))) small += 1n
  const x = octets(point.x, 32)
  const coded = (prefix, ...parts) => base64url(Buffer.concat([Buffer.of(prefix), ...parts]))
  return new Map([
    ['is off the curve', coded(2, octets(off, 32))],
    ['has x not below p', coded(2, octets(small + p, 32))],
    ['is the identity, one octet', 'AA'],
    ['is the identity, all zero', base64url(Buffer.alloc(33))],
    ['is uncompressed', coded(4, x, octets(point.y, 32))],
    ['is in hybrid form', coded(6, x, octets(point.y, 32))],
    ['has an unknown prefix', coded(5, x)],
    ['has x alone', base64url(x)],
    ['has an octet more', base64url(Buffer.concat([compress(point), Buffer.of(0)]))],
    ['has a blank', `${text.slice(0, 43)} `],
    ['is base64, not base64url', `${text.slice(0, 42)}+/`],
    ['is empty', ''],
  ])
}

/** The same bytes with a bit set that the last character does not need. */
const spareBits = (text) => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(42) + 1)

// RFC 9380 appendix J.1.1
const rfcDst = 'QUUX-V01-CS02-with-P256_XMD:SHA-256_SSWU_RO_'
const messages = [
  '',
  'abc',
  'abcdef0123456789',
  `q128_${'q'.repeat(128)}`,
  `a512_${'a'.repeat(512)}`,
]
const rfc9380 = messages.map((msg) => {
  const { x, y } = hashToCurve(msg, rfcDst)
  return { msg, x: octets(x, 32).toString('hex'), y: octets(y, 32).toString('hex') }
})
const persons = [mei, bo].map((person) => ({
  name: person.name,
  salt: base64url(person.salt),
  k_u: base64url(octets(personKey(person), 32)),
}))
const note = 'Written by platform-number.js, a second implementation. Test keys only.'
const head = { note, dst: DST, K_pn: base64url(key), persons }
const vectors = { ...head, accept, reject: rejected(), rfc9380 }
process.stdout.write(`${JSON.stringify(vectors, null, 2)}\n`)
