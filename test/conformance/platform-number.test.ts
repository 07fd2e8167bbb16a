import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  createNumberSearch,
  createPlatform,
  evaluateBlinded,
  parsePlatformNumber,
  unblindedNumber,
} from '@netcert/credential/platform-number'
import { p256_hasher } from '@noble/curves/nist.js'
import { describe, expect, it } from 'vitest'
import { encodePoint, hashToPoint } from '../../packages/credential/src/blind-point.js'

/** docs/formats/platform-number.md: vectors written by a second implementation. */
const folder = new URL('../../docs/formats/vectors/', import.meta.url)
const text = readFileSync(new URL('platform-number.json', folder), 'utf8')

type Opening = {
  readonly platform: string
  readonly b: string
  readonly e: string
  readonly r: string
}
const vectors = JSON.parse(text) as {
  readonly dst: string
  readonly K_pn: string
  readonly persons: readonly { readonly name: string; readonly salt: string }[]
  readonly accept: readonly (Opening & { person: string; H: string; number: string })[]
  readonly reject: readonly (Opening & { title: string; code: string })[]
  readonly rfc9380: readonly { readonly msg: string; readonly x: string; readonly y: string }[]
}

const bytes = (encoded: string) => new Uint8Array(Buffer.from(encoded, 'base64url'))
const secretsOf = (name: string) => {
  const salt = vectors.persons.find((person) => person.name === name)?.salt ?? ''
  return { key: bytes(vectors.K_pn), salt: bytes(salt) }
}
const refusal = (code: string) => expect.objectContaining({ code })

describe('the second implementation of platform numbers', () => {
  it('writes the very file that is committed', () => {
    const script = fileURLToPath(new URL('platform-number.js', folder))
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe(text)
  })

  it('takes hashing from Node and nothing from anybody else', () => {
    const script = readFileSync(new URL('platform-number.js', folder), 'utf8')
    const imports = script.match(/^import .*$/gm)
    expect(imports).toEqual([`import { createHash } from 'node:crypto'`])
    expect(script).not.toMatch(/\brequire\(|\bimport\(/)
  })
})

describe('docs/formats/platform-number.md', () => {
  it.each(vectors.accept)('$person at $platform, r = $r', ({ platform, person, ...vector }) => {
    const secrets = secretsOf(person)
    const id = new TextEncoder().encode(platform)
    expect(encodePoint(hashToPoint(id))).toBe(vector.H)
    expect(evaluateBlinded({ ...secrets, b: vector.b })).toEqual({ b: vector.b, e: vector.e })
    expect(createPlatform(platform).openNumber(vector)).toBe(vector.number)
    expect(unblindedNumber({ ...secrets, platformId: platform })).toBe(vector.number)
    expect(createNumberSearch(platform)(secrets)).toBe(vector.number)
    expect(parsePlatformNumber(vector.number)).toBe(vector.number)
  })

  it.each(vectors.reject)('refuses: $title', ({ platform, code, ...vector }) => {
    expect(() => createPlatform(platform).openNumber(vector)).toThrow(refusal(code))
  })

  it('has the issuer refuse what is no point, before anything is computed with it', () => {
    const faults = vectors.reject.filter(({ title, code }) => {
      return title.startsWith('b ') && code === 'platform_number_invalid'
    })
    expect(faults.length).toBeGreaterThanOrEqual(12)
    for (const { title, b } of faults) {
      expect(() => evaluateBlinded({ ...secretsOf('mei'), b }), title).toThrow(
        refusal('platform_number_invalid'),
      )
    }
  })

  it('tells equal looking platforms apart by their bytes', () => {
    const cafes = vectors.accept.filter(({ platform }) => platform.normalize('NFC') === 'café')
    expect(new Set(cafes.map(({ number }) => number)).size).toBe(2)
  })
})

/** RFC 9380, appendix J.1.1, as printed: `P` for each message. */
const printed: readonly (readonly [start: string, x: string, y: string])[] = [
  [
    '',
    '2c15230b26dbc6fc9a37051158c95b79656e17a1a920b11394ca91c44247d3e4',
    '8a7a74985cc5c776cdfe4b1f19884970453912e9d31528c060be9ab5c43e8415',
  ],
  [
    'abc',
    '0bb8b87485551aa43ed54f009230450b492fead5f1cc91658775dac4a3388a0f',
    '5c41b3d0731a27a7b14bc0bf0ccded2d8751f83493404c84a88e71ffd424212e',
  ],
  [
    'abcdef0123456789',
    '65038ac8f2b1def042a5df0b33b1f4eca6bff7cb0f9c6c1526811864e544ed80',
    'cad44d40a656e7aff4002a8de287abc8ae0482b5ae825822bb870d6df9b56ca3',
  ],
  [
    'q128_',
    '4be61ee205094282ba8a2042bcb48d88dfbb609301c49aa8b078533dc65a0b5d',
    '98f8df449a072c4721d241a3b1236d3caccba603f916ca680f4539d2bfb3c29e',
  ],
  [
    'a512_',
    '457ae2981f70ca85d8e24c308b14db22f3e3862c5ea0f652ca38b5e49cd64bc5',
    'ecb9f0eadc9aeed232dabc53235368c1394c78de05dd96893eefa62b0f4757dc',
  ],
]

describe('RFC 9380 appendix J.1.1', () => {
  const DST = 'QUUX-V01-CS02-with-P256_XMD:SHA-256_SSWU_RO_'

  it.each(printed)('is what both implementations give for "%s…"', (start, x, y) => {
    const second = vectors.rfc9380.find(({ msg }) => msg.slice(0, 5) === start.slice(0, 5))
    expect(second).toMatchObject({ x, y })
    const point = p256_hasher.hashToCurve(new TextEncoder().encode(second?.msg), { DST })
    const hex = (value: bigint) => value.toString(16).padStart(64, '0')
    expect({ x: hex(point.x), y: hex(point.y) }).toEqual({ x, y })
  })

  it('has another domain than platform numbers', () => {
    expect(vectors.dst).toBe('netcert/platform-number/v1/P256_XMD:SHA-256_SSWU_RO_')
    expect(vectors.dst).not.toBe(DST)
  })
})
