import { createHash } from 'node:crypto'
import { generateSigner, type Signer, type TrustListContent } from '@netcert/credential'
import {
  encodePackHeader,
  type PackEntry,
  type PackEntryType,
  packSourceOf,
} from '@netcert/protocol/offline-pack'
import { VerifierError } from '@netcert/verifier'
import {
  type PackHolding,
  takeInPack,
  type TakeInPackOptions,
} from '@netcert/verifier/offline-pack'
import {
  at,
  HOUR,
  issuer,
  type KeyPair,
  listedIssuer,
  listedKey,
  NOW,
  root,
  signStatusList,
  signTrustList,
  STATUS_URI,
  statusKey,
} from '../trust-ground.js'

/** The key that the issuer's packs are signed with. */
export const packKey: KeyPair = await generateSigner('ES256')

/** The issuer on the trust list, with its pack key. */
export const packIssuer = (changes: object = {}) =>
  listedIssuer({
    keys: [
      listedKey(issuer, 'credential'),
      listedKey(statusKey, 'status'),
      listedKey(packKey, 'pack', changes),
    ],
  })

/** One entry: its type, its name, and what stands there. */
export type GroundEntry = readonly [type: PackEntryType, name: string, content: string | Uint8Array]

/** What a pack is made of; whatever is not said is right. */
export type PackChanges = {
  readonly seq?: number
  readonly base?: number
  readonly issuedAt?: Date
  readonly issuer?: string
  readonly signer?: Signer
  readonly trustList?: Partial<TrustListContent>
  readonly rootSigner?: Signer
  readonly entries?: readonly GroundEntry[]
}

/** A pack as its maker writes it: a full one, an hour old, with one status list. */
export async function makePack(changes: PackChanges = {}): Promise<Uint8Array> {
  const { seq = 1, base, issuedAt = at(-HOUR), signer = packKey.signer } = changes
  const content = { issuers: [packIssuer()], ...changes.trustList }
  const lists = changes.entries ?? [['status-list', STATUS_URI, await signStatusList()] as const]
  const trustList = await signTrustList(content, changes.rootSigner ?? root.signer)
  const all = [['trust-list', 'trust-list', trustList] as const, ...lists]
  const bodies = all.map(([, , text]) => Buffer.from(text))
  const entries = all.map(([type, name], index): PackEntry => {
    const body = bodies[index] ?? Buffer.of()
    const sha256 = createHash('sha256').update(body).digest('base64url')
    return { type, name, length: body.length, sha256 }
  })
  const { issuer: maker = issuer.signer.did } = changes
  const kind =
    base === undefined
      ? ({ kind: 'full', base: null } as const)
      : ({ kind: 'delta', base } as const)
  const manifest = { issuer: maker, issuedAt, sequence: seq, entries, ...kind }
  const head = await encodePackHeader({ manifest, signer })
  return new Uint8Array(Buffer.concat([head, ...bodies]))
}

/** The root that is set up here. */
export const rootDid = root.signer.did

/** How a pack is taken in where it is not as usual: nothing held before, at `NOW`. */
export type Taking = Partial<Omit<TakeInPackOptions, 'pack'>>

/** Takes a pack in. */
export const take = (pack: Uint8Array, taking: Taking = {}): Promise<PackHolding> =>
  takeInPack({ pack: packSourceOf(pack), held: null, rootDid, now: NOW, ...taking })

/** `taken in`, or the code of the refusal. */
export const codeOfTaking = (taken: Promise<unknown>): Promise<string> =>
  taken.then(
    () => 'taken in',
    (error: unknown) => (error instanceof VerifierError ? error.code : `fault: ${String(error)}`),
  )

/** Makes a pack and takes it in. */
export const codeOfPack = async (changes: PackChanges, taking: Taking = {}): Promise<string> =>
  codeOfTaking(take(await makePack(changes), taking))
