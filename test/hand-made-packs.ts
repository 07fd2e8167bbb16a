import { createHash } from 'node:crypto'
import { createJws, generateSigner, type JsonObject, type Signer } from '@netcert/credential'
import { type PackEntry, type PackEntryType, PACK_TYP } from '@netcert/protocol/offline-pack'
import {
  at,
  issuer,
  type KeyPair,
  listedIssuer,
  listedKey,
  NOW,
  signStatusList,
  signTrustList,
  STATUS_URI,
  statusKey,
} from './trust-ground.js'

export const packKey: KeyPair = await generateSigner('ES256')

/** The issuer of the trust ground, with a key for packs. */
export const packIssuer = (changes: object = {}) =>
  listedIssuer({
    keys: [
      listedKey(issuer, 'credential'),
      listedKey(statusKey, 'status'),
      listedKey(packKey, 'pack', changes),
    ],
  })

/** Something in a pack: its text, and what its line in the manifest says otherwise than it should. */
export type Piece = {
  readonly type: PackEntryType
  readonly name: string
  readonly text: string
  readonly line?: Partial<Record<keyof PackEntry, unknown>>
}

export type PackWish = {
  readonly pieces?: readonly Piece[]
  /** Members of the manifest besides or instead of the right ones; undefined leaves one out. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly header?: JsonObject
  readonly signer?: Signer
  /** After the last entry. */
  readonly trailing?: string
}

/** Trust list and one status list. */
export async function usualPieces(trustList?: string): Promise<Piece[]> {
  const text = trustList ?? (await signTrustList({ issuers: [packIssuer()] }))
  return [
    { type: 'trust-list', name: 'trust-list', text },
    { type: 'status-list', name: STATUS_URI, text: await signStatusList({ statuses: [[3, 1]] }) },
  ]
}

/** A pack by hand, so that it can be wrong in every way: pack 7, full, an hour old. */
export async function makePack(wish: PackWish = {}): Promise<Uint8Array> {
  const pieces = wish.pieces ?? (await usualPieces())
  const { signer = packKey.signer, header = {}, members = {}, trailing = '' } = wish
  const entries = pieces.map(({ type, name, text, line }) => {
    const sha256 = createHash('sha256').update(text).digest('base64url')
    return { type, name, length: Buffer.byteLength(text), sha256, ...line }
  })
  const iat = at(-3600).getTime() / 1000
  const right = { iss: issuer.signer.did, iat, seq: 7, kind: 'full', entries }
  const payload = JSON.parse(JSON.stringify({ ...right, ...members })) as JsonObject
  const manifest = Buffer.from(
    await createJws({ header: { typ: PACK_TYP, kid: signer.keyId, ...header }, payload, signer }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(manifest.length)
  const bodies = pieces.map(({ text }) => Buffer.from(text))
  return Buffer.concat([
    ...[Buffer.from('NCPACK1\n'), length, manifest],
    ...[...bodies, Buffer.from(trailing)],
  ])
}

export const packNow = NOW
