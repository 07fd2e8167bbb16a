import { createTrust, type Trust } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { makePack, type PackWish, packIssuer, packKey } from '../../../../test/hand-made-packs.js'
import {
  at,
  DAY,
  issuer,
  NOW,
  root,
  signTrustList,
  statusKey,
  stranger,
} from '../../../../test/trust-ground.js'
import {
  assertPackFollows,
  type PackStanding,
  packSourceOf,
  readPack,
  verifyPackManifest,
} from './offline-pack.js'

const trustOf = async (keyChanges: object = {}): Promise<Trust> =>
  createTrust({
    trustListToken: await signTrustList({ issuers: [packIssuer(keyChanges)] }),
    rootDids: [root.signer.did],
    now: NOW,
    graceSeconds: 0,
    minimumSequence: 0,
  })
const usualTrust = await trustOf()
const read = async (wish: PackWish = {}) => readPack(packSourceOf(await makePack(wish)))
const verified = async (wish: PackWish = {}, trust = usualTrust, now = NOW) =>
  verifyPackManifest(await read(wish), { issuers: trust.issuers, now })
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? error,
  )
describe('who made a pack', () => {
  it('is on the trust list with a key for packs', async () => {
    const pack = await verified()
    expect([pack.keyId, pack.manifest.sequence]).toEqual([packKey.signer.keyId, 7])
  })

  it('is nobody: a stranger, a key for something else, or an issuer under the name of another', async () => {
    expect(await codeOf(verified({ signer: stranger.signer }))).toBe('pack_untrusted')
    expect(await codeOf(verified({ signer: statusKey.signer }))).toBe('pack_untrusted')
    expect(await codeOf(verified({ signer: issuer.signer }))).toBe('pack_untrusted')
    const renamed = { members: { iss: stranger.signer.did } }
    expect(await codeOf(verified(renamed))).toBe('pack_untrusted')
  })

  it('did not sign this: the name of the key alone is no signature', async () => {
    const named = { signer: stranger.signer, header: { kid: packKey.signer.keyId } }
    expect(await codeOf(verified(named))).toBe('pack_signature')
    const one = await read()
    const other = await read({ members: { seq: 8 } })
    const mixed = { ...one, jwt: { ...other.jwt, signature: one.jwt.signature } }
    const { issuers } = usualTrust
    expect(await codeOf(verifyPackManifest(mixed, { issuers, now: NOW }))).toBe('pack_signature')
  })

  it('had a key that did not count then, or does not now', async () => {
    const early = await trustOf({ notBefore: at(-1800) })
    expect(await codeOf(verified({}, early))).toBe('pack_key_window')
    const ended = await trustOf({ notAfter: at(-1800) })
    expect(await codeOf(verified({}, ended))).toBe('pack_key_window')
    const revoked = await trustOf({ revokedAt: at(-60) })
    expect(await codeOf(verified({}, revoked))).toBe('pack_revoked_key')
  })

  it('cannot be of tomorrow', async () => {
    const of = (seconds: number) => ({ members: { iat: at(seconds).getTime() / 1000 } })
    expect(await codeOf(verified(of(DAY + 1)))).toBe('pack_from_future')
    expect(await codeOf(verified(of(DAY)))).toBe('taken')
  })
})

describe('a pack after another', () => {
  const standing = async (wish: PackWish = {}): Promise<PackStanding> => {
    const { manifest, keyId, digest } = await verified(wish)
    return { ...manifest, keyId, digest }
  }
  const follows = async (wish: PackWish, held: PackStanding | null, trust = usualTrust) =>
    codeOf(verified(wish, trust).then((pack) => assertPackFollows(pack, held, trust.issuers)))
  const numbered = (seq: number, members = {}) => ({ members: { seq, ...members } })
  const delta = (base: number, seq: number) => numbered(seq, { kind: 'delta', base })

  it('is newer by its number, whatever its date', async () => {
    expect(await follows(numbered(8, { iat: at(-9000).getTime() / 1000 }), await standing())).toBe(
      'taken',
    )
    expect(await follows(numbered(6), await standing())).toBe('pack_older')
    expect(await follows(numbered(7), await standing())).toBe('pack_older')
  })

  it('is the same when it is the very one', async () => {
    const source = packSourceOf(await makePack())
    const { issuers } = usualTrust
    const pack = await verifyPackManifest(await readPack(source), { issuers, now: NOW })
    const held = { ...pack.manifest, keyId: pack.keyId, digest: pack.digest }
    expect(assertPackFollows(pack, held, issuers)).toBe('same')
  })

  it('holds changes to the one at hand, and to no other', async () => {
    expect(await follows(delta(7, 9), await standing())).toBe('taken')
    expect(await follows(delta(6, 9), await standing())).toBe('pack_base')
    expect(await follows(delta(8, 9), await standing())).toBe('pack_base')
    expect(await follows(delta(7, 9), null)).toBe('pack_base')
    expect(await follows(delta(5, 7), await standing())).toBe('pack_older')
  })

  it('is of the same issuer', async () => {
    const other = { ...(await standing()), issuer: stranger.signer.did }
    expect(await follows(numbered(8), other)).toBe('pack_other_issuer')
  })

  it('goes by its date after one of a key that was taken back, which could have had any number', async () => {
    const stolen = { ...(await standing(numbered(2 ** 53 - 1))), keyId: statusKey.signer.keyId }
    const { issuers } = usualTrust
    const [entry] = [...issuers.values()]
    const keys = entry!.keys.map((key) =>
      key.use === 'status' ? { ...key, use: 'pack' as const, revokedAt: 1 } : key,
    )
    const trust = { ...usualTrust, issuers: new Map([[entry!.entry.did, { ...entry!, keys }]]) }
    expect(await follows(numbered(8), stolen, trust)).toBe('taken')
    const before = numbered(8, { iat: at(-3601).getTime() / 1000 })
    expect(await follows(before, stolen, trust)).toBe('pack_older')
    expect(await follows(delta(7, 8), stolen, trust)).toBe('pack_older')
    expect(await follows(numbered(8), stolen)).toBe('pack_older')
  })
})
