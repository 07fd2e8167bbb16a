import { certificateType, type JsonObject, NETWORK_CERTIFICATE } from '@netcert/credential'
import { packSourceOf } from '@netcert/protocol/offline-pack'
import { describe, expect, it } from 'vitest'
import {
  makePack,
  type PackWish,
  type Piece,
  packIssuer,
  usualPieces,
} from '../../test/hand-made-packs.js'
import {
  NOW,
  root,
  signStatusList,
  signTrustList,
  STATUS_PREFIX,
  STATUS_URI,
  stranger,
} from '../../test/trust-ground.js'
import { inspectPack } from './pack-inspection.js'

const inspect = async (wish: PackWish = {}, rootDid: string | null = root.signer.did) =>
  inspectPack({ source: packSourceOf(await makePack(wish)), rootDid, now: NOW })
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? error,
  )
/** The usual pack with this in place of its status list. */
const withPiece = async (piece: Piece): Promise<PackWish> => {
  const [list] = await usualPieces()
  return { pieces: [list!, piece] }
}
const type = certificateType(NETWORK_CERTIFICATE).documentText

describe('a pack that is looked into', () => {
  it('tells how far it reaches and how long it is good', async () => {
    const { coverage, types, proven } = await inspect()
    expect(proven).toBe(true)
    expect(coverage).toEqual({
      ...{ lists: 1, entries: 1024, oldestIssuedAt: NOW.getTime() / 1000 - 3600 },
      firstEndsAt: NOW.getTime() / 1000 - 3600 + 7 * 86_400,
    })
    expect(types.filter(({ entries }) => entries > 0).map(({ type: of }) => of)).toEqual([
      'trust-list',
      'status-list',
    ])
  })

  it('is read by anybody, and proven to nobody without a root', async () => {
    expect((await inspect({ signer: stranger.signer }, null)).proven).toBe(false)
    expect(await codeOf(inspect({ signer: stranger.signer }))).toBe('pack_untrusted')
    expect(await codeOf(inspect({}, stranger.signer.did))).toBe('trust_list_untrusted')
  })

  it('is refused for an entry that was altered, with a root or without', async () => {
    const sha256 = 'A'.repeat(43)
    const wish = await withPiece({ ...(await usualPieces())[1]!, line: { sha256 } })
    expect(await codeOf(inspect(wish, null))).toBe('pack_hash')
    expect(await codeOf(inspect(wish))).toBe('pack_hash')
  })

  it('is refused for a list that somebody else signed, or that has another name', async () => {
    const forged = await signStatusList({ signer: stranger.signer })
    const of = (name: string, text: string) => withPiece({ type: 'status-list', name, text })
    expect(await codeOf(inspect(await of(STATUS_URI, forged)))).toBe('status_issuer_untrusted')
    const renamed = await of(`${STATUS_PREFIX}2`, await signStatusList())
    expect(await codeOf(inspect(renamed))).toBe('pack_malformed')
  })

  it('is refused for a type under the name of another, or a registrar that is none', async () => {
    const named = (name: string) => withPiece({ type: 'type-metadata', name, text: type })
    expect(await codeOf(inspect(await named(NETWORK_CERTIFICATE)))).toBe('taken')
    expect(await codeOf(inspect(await named('urn:netcert:gate-pass:1')))).toBe('pack_malformed')
    const text = await signStatusList({ bits: 1 })
    const list = { type: 'accreditation-status-list', name: STATUS_URI, text } as const
    expect(await codeOf(inspect(await withPiece(list)))).toBe('accreditation_status')
  })

  it('is refused when the trust list inside has expired', async () => {
    const past = new Date(NOW.getTime() - 40 * 86_400_000)
    const expired = await signTrustList({
      ...{ issuers: [packIssuer()], issuedAt: past },
      expiresAt: new Date(past.getTime() + 30 * 86_400_000),
    })
    const members: JsonObject = {}
    const pieces = await usualPieces(expired)
    expect(await codeOf(inspect({ pieces, members }))).toBe('trust_list_expired')
    expect(await codeOf(inspect({ pieces, members }, null))).toBe('taken')
  })
})
