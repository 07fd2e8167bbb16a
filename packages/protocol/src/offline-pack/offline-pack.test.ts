import { describe, expect, it } from 'vitest'
import {
  makePack,
  type PackWish,
  type Piece,
  packKey,
  usualPieces,
} from '../../../../test/hand-made-packs.js'
import { issuer, NOW } from '../../../../test/trust-ground.js'
import {
  encodePackHeader,
  PACK_MAGIC,
  type PackManifest,
  packSourceOf,
  readPack,
  readPackEntry,
  readPackText,
} from './offline-pack.js'

const read = async (wish: PackWish = {}) => readPack(packSourceOf(await makePack(wish)))
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? error,
  )
const withLine = async (line: Piece['line'], at = 1): Promise<PackWish> => {
  const pieces = await usualPieces()
  return { pieces: pieces.map((piece, n) => (n === at && line ? { ...piece, line } : piece)) }
}

describe('a pack', () => {
  it('is read back as it was written', async () => {
    const pieces = await usualPieces()
    const bytes = await makePack({ pieces })
    const source = packSourceOf(bytes)
    const pack = await readPack(source)
    expect(pack.manifest).toMatchObject({ issuer: issuer.signer.did, sequence: 7, kind: 'full' })
    expect(pack.bytes).toBe(bytes.length)
    const texts = await Promise.all(pack.entries.map((entry) => readPackText(source, entry)))
    expect(texts).toEqual(pieces.map(({ text }) => text))
    const head = await encodePackHeader({ manifest: pack.manifest, signer: packKey.signer })
    expect(Buffer.from(head.subarray(0, 8))).toEqual(Buffer.from(PACK_MAGIC))
    const again = await readPack(
      packSourceOf(Buffer.concat([head, ...pieces.map(({ text }) => Buffer.from(text))])),
    )
    expect(again.manifest).toEqual(pack.manifest)
  })

  it('of changes holds whole lists among them, as the lists stand', async () => {
    const [list, status] = await usualPieces()
    const changed: Piece = { type: 'status-delta', name: 'https://issuer.example/1', text: 'x' }
    const last: Piece = { ...changed, name: 'https://issuer.example/3' }
    const members = { kind: 'delta', base: 6 }
    const pack = await read({ pieces: [list!, changed, status!, last], members })
    expect(pack.entries.map(({ type }) => type)).toEqual([
      'trust-list',
      'status-delta',
      'status-list',
      'status-delta',
    ])
  })

  it('is refused when it is cut off anywhere', async () => {
    const whole = await makePack()
    const lengths = [0, 7, 8, 11, 12, 13, 200, whole.length - 1]
    for (const length of lengths) {
      const cut = packSourceOf(whole.subarray(0, length))
      expect(await codeOf(readPack(cut))).toBe('pack_malformed')
    }
  })

  it('is refused when anything follows it', async () => {
    expect(await codeOf(read({ trailing: '\n' }))).toBe('pack_malformed')
    expect(await codeOf(read({ trailing: 'x'.repeat(1000) }))).toBe('pack_malformed')
  })

  it('is refused when it went through something that changes ends of lines', async () => {
    const text = Buffer.from(await makePack()).toString('latin1')
    const changed = Buffer.from(text.replace('\n', '\r\n'), 'latin1')
    expect(await codeOf(readPack(packSourceOf(changed)))).toBe('pack_malformed')
    const other = Buffer.from(text.replace('NCPACK1', 'NCPACK2'), 'latin1')
    expect(await codeOf(readPack(packSourceOf(other)))).toBe('pack_malformed')
  })

  it('does not read a manifest beyond its bound into memory', async () => {
    const head = Buffer.from([...PACK_MAGIC, 0xff, 0xff, 0xff, 0xff])
    let most = 0
    const read = (offset: number, length: number) => {
      most = Math.max(most, length)
      return Promise.resolve(head.subarray(offset, offset + length))
    }
    expect(await codeOf(readPack({ bytes: 2 ** 40, read }))).toBe('pack_too_large')
    expect(most).toBe(12)
  })

  it('gives no entry whose bytes are not those of the manifest', async () => {
    const bytes = Buffer.from(await makePack())
    const pack = await readPack(packSourceOf(bytes))
    const [first, second] = pack.entries
    bytes[second!.offset + 5]! ^= 1
    expect(await codeOf(readPackEntry(packSourceOf(bytes), second!))).toBe('pack_hash')
    expect(await codeOf(readPackEntry(packSourceOf(bytes), first!))).toBe('taken')
    // A file that shrinks while it is read.
    const shrunk = packSourceOf(bytes.subarray(0, second!.offset + 3))
    expect(await codeOf(readPackEntry(shrunk, second!))).toBe('pack_malformed')
  })
})

describe('a manifest is refused', () => {
  const twice = async (): Promise<Piece[]> => {
    const [list, status] = await usualPieces()
    return [list!, status!, status!]
  }
  it.each<[string, PackWish | Promise<PackWish>]>([
    ['without issuer', { members: { iss: undefined } }],
    ['with a date that is none', { members: { iat: 'yesterday' } }],
    ['with a date beyond time', { members: { iat: 253_402_300_800 } }],
    ['with number 0', { members: { seq: 0 } }],
    ['with a number that is not whole', { members: { seq: 1.5 } }],
    ['with a number beyond what is exact', { members: { seq: 2 ** 53 } }],
    ['of another kind', { members: { kind: 'partial' } }],
    ['of a full pack with a base', { members: { base: 6 } }],
    ['of a delta without base', { members: { kind: 'delta' } }],
    ['of a delta on itself', { members: { kind: 'delta', base: 7 } }],
    ['of a delta on a later one', { members: { kind: 'delta', base: 8 } }],
    ['without entries', { members: { entries: undefined } }],
    ['with no entry at all', { pieces: [] }],
    ['with a line that is none', { members: { entries: [null] } }],
    ['with an unknown type', withLine({ type: 'recipe' })],
    ['with two trust lists', withLine({ type: 'trust-list' })],
    ['with a name that is no text', withLine({ name: 7 })],
    ['with an empty name', withLine({ name: '' })],
    ['with a blank in a name', withLine({ name: 'https://issuer.example/status/1 ' })],
    ['with a name too long', withLine({ name: 'x'.repeat(2049) })],
    ['with another name for the trust list', withLine({ name: 'list' }, 0)],
    ['with the name of the trust list for another', withLine({ name: 'trust-list' })],
    ['with an empty entry', withLine({ length: 0 })],
    ['with a negative length', withLine({ length: -1 })],
    ['with a length that is too small', withLine({ length: 10 })],
    ['with a length that is too large', withLine({ length: 100_000 })],
    ['with a hash that is none', withLine({ sha256: 'x' })],
    ['with a hash in another alphabet', withLine({ sha256: '+'.repeat(43) })],
    ['with two lists of one address', twice().then((pieces) => ({ pieces }))],
    ['with a delta in a full pack', withLine({ type: 'status-delta' })],
    ['in another order', usualPieces().then((pieces) => ({ pieces: pieces.toReversed() }))],
    [
      'with types in another order',
      twice().then((pieces) => ({
        pieces: pieces.map((piece, n) =>
          n === 2 ? { ...piece, type: 'type-metadata', name: 'urn:x' } : piece,
        ),
      })),
    ],
    ['of another typ', { header: { typ: 'JWT' } }],
    ['without kid', { header: { kid: 7 } }],
    ['that brings its key', { header: { jwk: {} } }],
    ['that brings a certificate', { header: { x5c: [] } }],
    ['that demands an extension', { header: { crit: ['b64'] } }],
  ])('%s', async (_what, wish) => {
    expect(await codeOf(read(await wish))).toBe('pack_malformed')
  })

  it('beyond its bounds', async () => {
    const line = { type: 'status-delta', sha256: 'A'.repeat(43), length: 1 }
    const entries = Array.from({ length: 16_385 }, (_, n) => ({ ...line, name: `n${n}` }))
    expect(await codeOf(read({ members: { entries } }))).toBe('pack_too_large')
    expect(await codeOf(read(await withLine({ length: 4 * 2 ** 20 + 1 })))).toBe('pack_too_large')
    expect(await codeOf(read({ header: { x: 'x'.repeat(9 * 2 ** 20) } }))).toBe('pack_too_large')
    const total = Array.from({ length: 300 }, (_, n) => ({
      ...{ ...line, type: 'status-list', name: `n${n}` },
      length: 4 * 2 ** 20,
    }))
    const list = { ...line, type: 'trust-list', name: 'trust-list' }
    expect(await codeOf(read({ members: { entries: [list, ...total] } }))).toBe('pack_too_large')
  })

  it('before it is signed, when nobody would take it', async () => {
    const manifest: PackManifest = {
      ...{ issuer: 'did:key:z', issuedAt: NOW, sequence: 0, kind: 'full', base: null },
      entries: [],
    }
    const signing = encodePackHeader({ manifest, signer: packKey.signer })
    expect(await codeOf(signing)).toBe('pack_malformed')
  })
})
