import { readFileSync } from 'node:fs'
import {
  createTrust,
  decodeBase64Url,
  parseJws,
  readStatus,
  type Trust,
  signatureAlgorithms,
  withStatusDeltas,
  withStatusLists,
  withTrustList,
  type JsonObject,
} from '@netcert/credential'
import {
  assertPackFollows,
  encodePackManifest,
  parsePackManifest,
  type PackStanding,
  packSourceOf,
  readPack,
  readPackEntry,
  readPackText,
  verifyPackManifest,
} from '@netcert/protocol/offline-pack'
import { type PackHolding, takeInPack } from '@netcert/verifier/offline-pack'
import { jsonSchemas } from '@netcert/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'

type Step = {
  readonly pack: string
  readonly outcome: string
  readonly statuses?: readonly { uri: string; index: number; status: number }[]
}
type Vectors = {
  readonly now: number
  readonly root_did: string
  readonly accept: readonly { title: string; pack: string; manifest: object }[]
  readonly reject: readonly { title: string; pack: string; code: string }[]
  readonly chains: readonly { title: string; steps: readonly Step[] }[]
}
const vectors = JSON.parse(
  readFileSync(new URL('../../docs/formats/vectors/offline-pack.json', import.meta.url), 'utf8'),
) as Vectors
const now = new Date(vectors.now * 1000)

type Outcome = Awaited<ReturnType<typeof takeIn>>
type Held = { readonly trust: Trust; readonly standing: PackStanding }

/** Takes a pack in as the page says, step by step; nothing of a refused one stays. */
async function takeIn(pack: string, held: Held | null): Promise<Held | 'same'> {
  const source = packSourceOf(decodeBase64Url(pack))
  const read = await readPack(source)
  const list = {
    trustListToken: await readPackText(source, read.entries[0]!),
    ...{ rootDids: [vectors.root_did], now, graceSeconds: 0 },
  }
  let trust = held
    ? await withTrustList(held.trust, list)
    : await createTrust({ ...list, minimumSequence: 0 })
  const verified = await verifyPackManifest(read, { issuers: trust.issuers, now })
  const { manifest, keyId, digest } = verified
  if (assertPackFollows(verified, held?.standing ?? null, trust.issuers) === 'same') return 'same'
  for (const entry of verified.entries) {
    if (entry.type === 'status-list' || entry.type === 'status-delta') {
      const text = await readPackText(source, entry)
      const take = entry.type === 'status-list' ? withStatusLists : withStatusDeltas
      const taken = await take(trust, [text], now)
      if (taken.refused[0]) throw taken.refused[0].error
      const { sub } = parseJws(text, { algorithms: signatureAlgorithms, maxDepth: 8 }).payload
      if (sub !== entry.name) throw Object.assign(new Error(), { code: 'status_sub_mismatch' })
      trust = taken.trust
    } else await readPackEntry(source, entry)
  }
  return { trust, standing: { ...manifest, keyId, digest } }
}
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? error,
  )

describe('docs/formats/offline-pack.md', () => {
  it.each(vectors.accept)('accepts $title', async ({ pack, manifest }) => {
    const held = await takeIn(pack, null)
    expect(held).not.toBe('same')
    const read = await readPack(packSourceOf(decodeBase64Url(pack)))
    expect(encodePackManifest(read.manifest)).toEqual(manifest)
  })

  it.each(vectors.reject)('refuses $title', async ({ pack, code }) => {
    expect(await codeOf(takeIn(pack, null))).toBe(code)
  })

  it.each(vectors.chains)('$title', async ({ steps }) => {
    let held: Held | null = null
    for (const { pack, outcome, statuses = [] } of steps) {
      const code: string = await takeIn(pack, held).then(
        (taken: Outcome) => {
          if (taken === 'same') return taken
          held = taken
          return 'newer'
        },
        (error: { code: string }) => error.code,
      )
      expect(code).toBe(outcome)
      for (const { uri, index, status } of statuses) {
        const [issuer] = [...held!.trust.issuers.values()]
        expect(readStatus(issuer!.statusLists.get(uri)!.list, index)).toBe(status)
      }
    }
  })
})

/** What a verifier says of an entry that is refused: which pack it is in, and no more. */
const TOLD_AS: Readonly<Record<string, string>> = {
  trust_list_untrusted: 'pack_root',
  status_issuer_untrusted: 'pack_entry',
  status_sub_mismatch: 'pack_entry',
  status_delta_base: 'pack_base',
  status_delta_result: 'pack_entry',
}

describe('the verifier, by the same vectors', () => {
  const take = (text: string, held: PackHolding | null) => {
    const pack = packSourceOf(decodeBase64Url(text))
    return takeInPack({ pack, held, rootDid: vectors.root_did, now })
  }

  it.each(vectors.reject)('refuses $title', async ({ pack, code }) => {
    expect(await codeOf(take(pack, null))).toBe(TOLD_AS[code] ?? code)
  })

  it.each(vectors.chains)('$title', async ({ steps }) => {
    let held: PackHolding | null = null
    for (const { pack, outcome, statuses = [] } of steps) {
      const before: PackHolding | null = held
      const taken = take(pack, before).then((now) => (held = now))
      const isTaken = outcome === 'newer' || outcome === 'same'
      expect(await codeOf(taken)).toBe(isTaken ? 'taken' : (TOLD_AS[outcome] ?? outcome))
      expect(held === before).toBe(outcome !== 'newer')
      for (const { uri, index, status } of statuses) {
        const lists = [...held!.trust.issuers.values()][0]?.statusLists
        expect(readStatus(lists!.get(uri)!.list, index)).toBe(status)
      }
    }
  })
})

describe('schemas/offline-pack.schema.json', () => {
  const isValid = new Ajv2020({ strict: false }).compile(jsonSchemas['offline-pack'] ?? false)
  const right = vectors.accept[1]!.manifest as { entries: JsonObject[] }

  it('takes every manifest that the reader takes', async () => {
    for (const { manifest } of vectors.accept) expect(isValid(manifest)).toBe(true)
    const chained = vectors.chains.flatMap(({ steps }) => steps)
    for (const { pack } of chained) {
      const { manifest } = await readPack(packSourceOf(decodeBase64Url(pack)))
      expect(isValid(encodePackManifest(manifest))).toBe(true)
    }
  })

  it.each<[string, object]>([
    ['number 0', { seq: 0 }],
    ['a full pack with a base', { base: 1, seq: 2 }],
    ['a delta without one', { kind: 'delta' }],
    ['another kind', { kind: 'partial' }],
    ['no entry', { entries: [] }],
    ['no trust list', { entries: right.entries.slice(1) }],
    ['two of them', { entries: [right.entries[0], right.entries[0]] }],
    ['a blank in a name', { entries: [right.entries[0], { ...right.entries[1], name: 'a b' }] }],
    ['a hash too short', { entries: [{ ...right.entries[0], sha256: 'AAAA' }] }],
    [
      'a delta in a full pack',
      { entries: [right.entries[0], { ...right.entries[1], type: 'status-delta' }] },
    ],
  ])('refuses %s, as the reader does', (_what, members) => {
    const manifest = { ...right, ...members }
    expect(isValid(manifest)).toBe(false)
    expect(() => parsePackManifest(manifest)).toThrow(
      expect.objectContaining({ code: 'pack_malformed' }),
    )
  })
})
