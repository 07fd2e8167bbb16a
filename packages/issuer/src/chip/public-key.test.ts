import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { codeOf } from '../../../../test/chip-ground.js'
import { parseDigestAlgorithm, parseSignatureAlgorithm } from './algorithms.js'
import {
  derBits,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOf,
  derSequence,
} from './der-writing.js'
import { isSignedBy, parsePublicKey } from './public-key.js'
import {
  ecdsaSample,
  rsaPssSample,
  rsaSample,
  signSample,
  createSampleKey,
} from './sample-algorithm.js'

const signed = Buffer.from('what was signed')

describe('a key on a curve', () => {
  const explicit = Buffer.from(
    generateKeyPairSync('ec', {
      namedCurve: 'brainpoolP256r1',
      paramEncoding: 'explicit',
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    }).publicKey,
  )

  test('is the same whether its parameters are named or written out', () => {
    const { key, name } = parsePublicKey(explicit)
    expect(name).toBe('brainpoolP256r1')
    const named = key.export({ type: 'spki', format: 'der' })
    expect(named.length).toBeLessThan(explicit.length)
    expect(parsePublicKey(named).key.equals(key)).toBe(true)
  })

  test('whose written parameters differ anywhere from those of a known curve is refused', () => {
    const start = explicit.indexOf(Buffer.from('06072a8648ce3d0101', 'hex'))
    const end = explicit.lastIndexOf(Buffer.from('020101', 'hex')) + 3
    for (let at = start + 30; at < end; at += 7) {
      const changed = Buffer.from(explicit)
      changed[at]! ^= 1
      expect(codeOf(() => parsePublicKey(changed))).toMatch(/^chip_(key|malformed)$/)
    }
  })

  test('is refused on a curve that does not count, off its curve, or as no point', () => {
    const spki = (curve: string) =>
      generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({
        type: 'spki',
        format: 'der',
      })
    expect(codeOf(() => parsePublicKey(spki('secp256k1')))).toBe('chip_key')
    expect(codeOf(() => parsePublicKey(spki('brainpoolP256t1')))).toBe('chip_key')
    const off = Buffer.from(spki('P-256'))
    off[off.length - 1]! ^= 1
    expect(codeOf(() => parsePublicKey(off))).toBe('chip_key')
    const id = derSequence(
      derObjectIdentifier('1.2.840.10045.2.1'),
      derObjectIdentifier('1.2.840.10045.3.1.7'),
    )
    expect(codeOf(() => parsePublicKey(derSequence(id, derBits(Uint8Array.of(0)))))).toBe(
      'chip_key',
    )
  })
})

describe('an RSA key', () => {
  test.each([1024, 2040])('of %s bits is refused', async (modulusLength) => {
    const { publicKey } = await createSampleKey(rsaSample('sha256', modulusLength))
    expect(codeOf(() => parsePublicKey(publicKey))).toBe('chip_key')
  })

  test('of 2048 bits with an even exponent, or of another kind, is refused', async () => {
    const { publicKey } = await createSampleKey(rsaSample('sha256'))
    expect(parsePublicKey(publicKey).name).toBe('rsa-2048')
    const even = Buffer.from(publicKey)
    even[even.length - 1] = 0
    expect(codeOf(() => parsePublicKey(even))).toBe('chip_key')
    const ed25519 = generateKeyPairSync('ed25519').publicKey
    expect(codeOf(() => parsePublicKey(ed25519.export({ type: 'spki', format: 'der' })))).toBe(
      'chip_key',
    )
  })
})

describe('a signature', () => {
  test('holds under its own scheme and no other', async () => {
    const made = await createSampleKey(rsaPssSample('sha256'))
    const key = parsePublicKey(made.publicKey)
    const signature = signSample(made, signed)
    const pss = parseSignatureAlgorithm(made.algorithm.identifier)
    const pkcs1 = parseSignatureAlgorithm(rsaSample('sha256').identifier)
    const ecdsa = parseSignatureAlgorithm(ecdsaSample('P-256', 'sha256').identifier)
    expect(isSignedBy({ key, algorithm: pss, signed, signature })).toBe(true)
    expect(isSignedBy({ key, algorithm: pkcs1, signed, signature })).toBe(false)
    expect(isSignedBy({ key, algorithm: ecdsa, signed, signature })).toBe(false)
    const otherSalt = sign('sha256', signed, { key: made.privateKey, padding: 6, saltLength: 20 })
    expect(isSignedBy({ key, algorithm: pss, signed, signature: otherSalt })).toBe(false)
  })

  test('of a key that is for PSS alone holds under PSS alone', async () => {
    const made = await createSampleKey(rsaPssSample('sha384', 'rsa-pss'))
    expect(
      createPublicKey({ key: Buffer.from(made.publicKey), format: 'der', type: 'spki' })
        .asymmetricKeyType,
    ).toBe('rsa-pss')
    const key = parsePublicKey(made.publicKey)
    const signature = signSample(made, signed)
    const pss = parseSignatureAlgorithm(made.algorithm.identifier)
    const pkcs1 = parseSignatureAlgorithm(rsaSample('sha384').identifier)
    expect(isSignedBy({ key, algorithm: pss, signed, signature })).toBe(true)
    expect(isSignedBy({ key, algorithm: pkcs1, signed, signature })).toBe(false)
  })
})

describe('an algorithm', () => {
  const id = (dotted: string, ...parameters: readonly Uint8Array[]) =>
    derSequence(derObjectIdentifier(dotted), ...parameters)
  const sha256 = id('2.16.840.1.101.3.4.2.1')
  const mgf = (digest: Uint8Array) => id('1.2.840.113549.1.1.8', digest)
  const pss = (...members: readonly Uint8Array[]) =>
    id('1.2.840.113549.1.1.10', derSequence(...members))

  test.each([
    ['RSA with SHA-1', id('1.2.840.113549.1.1.5', derNull()), 'chip_sha1'],
    ['RSA with MD5', id('1.2.840.113549.1.1.4', derNull()), 'chip_sha1'],
    ['ECDSA with SHA-1', id('1.2.840.10045.4.1'), 'chip_sha1'],
    ['PSS without parameters, which is SHA-1', id('1.2.840.113549.1.1.10'), 'chip_sha1'],
    ['PSS with empty parameters', pss(), 'chip_sha1'],
    [
      'PSS with SHA-1 in its mask',
      pss(derOf(0xa0, sha256), derOf(0xa2, derInteger(32))),
      'chip_sha1',
    ],
    [
      'PSS with another digest in its mask',
      pss(
        derOf(0xa0, sha256),
        derOf(0xa1, mgf(id('2.16.840.1.101.3.4.2.3'))),
        derOf(0xa2, derInteger(32)),
      ),
      'chip_algorithm',
    ],
    [
      'PSS with hardly any salt',
      pss(derOf(0xa0, sha256), derOf(0xa1, mgf(sha256)), derOf(0xa2, derInteger(4))),
      'chip_algorithm',
    ],
    ['a bare RSA key in a certificate', id('1.2.840.113549.1.1.1', derNull()), 'chip_algorithm'],
    ['ECDSA with parameters', id('1.2.840.10045.4.3.2', derInteger(1)), 'chip_algorithm'],
    ['Ed25519', id('1.3.101.112'), 'chip_algorithm'],
    ['no algorithm', derNull(), 'chip_malformed'],
  ])('%s is refused', (_what, bytes, code) => {
    expect(codeOf(() => parseSignatureAlgorithm(bytes))).toBe(code)
  })

  test('of a digest is known by its identifier alone', () => {
    expect(parseDigestAlgorithm(sha256)).toEqual({ name: 'sha256', sizeBytes: 32 })
    expect(codeOf(() => parseDigestAlgorithm(id('1.3.14.3.2.26')))).toBe('chip_sha1')
    expect(codeOf(() => parseDigestAlgorithm(id('1.2.156.10197.1.401')))).toBe('chip_algorithm')
  })
})
