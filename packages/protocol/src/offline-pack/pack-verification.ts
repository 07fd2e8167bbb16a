import {
  CredentialError,
  epochSeconds,
  type IssuerTrust,
  type Trust,
  type TrustedKeyHandle,
  verifyJws,
} from '@netcert/credential'
import { ProtocolError } from '../errors.js'
import type { PackManifest } from './pack-manifest.js'
import type { ReadPack } from './pack-reading.js'

/** A manifest signed by a pack key that counts. Its entries are proven one by one, each by its hash and its own signature. */
export type VerifiedPack = Pick<ReadPack, 'manifest' | 'keyId' | 'digest' | 'entries' | 'bytes'> & {
  readonly isVerified: true
}

/** Nothing from further ahead of the clock is taken in, as with lists. */
const MAX_AHEAD_SECONDS = 86_400

/**
 * Checks who made a pack: its `iss` is on the trust list, lists the key with use `pack` for then and
 * for now, and that key signed.
 *
 * @param options.issuers - Of a trust that was verified: that of the trust list inside the pack, read
 *   under the pinned root before.
 * @throws ProtocolError `pack_untrusted`, `pack_revoked_key`, `pack_key_window`, `pack_signature`,
 *   `pack_from_future`
 */
export async function verifyPackManifest(
  pack: ReadPack,
  options: { readonly issuers: Trust['issuers']; readonly now: Date },
): Promise<VerifiedPack> {
  const { manifest, keyId, digest, entries, bytes, jwt } = pack
  const key = packKeyOf(options.issuers.get(manifest.issuer), keyId)
  if (key === undefined) {
    throw new ProtocolError(
      'pack_untrusted',
      'The offline pack is signed by nobody whom the trust list names for packs: get it from the issuer.',
    )
  }
  if (key.revokedAt !== null) {
    throw new ProtocolError(
      'pack_revoked_key',
      'The offline pack is signed by a key that was taken back: get the newest pack.',
    )
  }
  assertTimes(manifest, key, options.now)
  try {
    await verifyJws(jwt, key.key)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw new ProtocolError(
      'pack_signature',
      'The manifest of the offline pack was altered: get the pack again.',
      { cause },
    )
  }
  return { manifest, keyId, digest, entries, bytes, isVerified: true }
}

function assertTimes({ issuedAt: at }: PackManifest, key: TrustedKeyHandle, clock: Date): void {
  const issuedAt = epochSeconds(at)
  const now = epochSeconds(clock)
  if (issuedAt > now + MAX_AHEAD_SECONDS) {
    throw new ProtocolError(
      'pack_from_future',
      'The offline pack is from the future: set the clock.',
    )
  }
  const isInWindow = [issuedAt, Math.max(now, issuedAt)].every(
    (instant) => instant >= key.notBefore && instant <= key.notAfter,
  )
  if (isInWindow) return
  throw new ProtocolError(
    'pack_key_window',
    'The offline pack is signed by a key that did not count at that time: get the newest pack.',
  )
}

/** What is known of the pack that was taken in last. */
export type PackStanding = Pick<PackManifest, 'issuer' | 'sequence' | 'issuedAt'> & {
  readonly keyId: string
  readonly digest: string
}

/**
 * Whether a pack goes on from the one at hand. Sequences are compared whoever of the issuer's pack keys
 * signed; only against a pack of a key that was taken back since, which could have had any number,
 * the dates decide instead.
 *
 * @param held - null for whoever has none yet.
 * @returns `same` for the very pack at hand, which brings nothing.
 * @throws ProtocolError `pack_other_issuer`; `pack_older`; `pack_base` for a delta that begins
 *   elsewhere than at the pack at hand
 */
export function assertPackFollows(
  { manifest, digest }: VerifiedPack,
  held: PackStanding | null,
  issuers: Trust['issuers'],
): 'newer' | 'same' {
  if (held?.digest === digest) return 'same'
  if (held !== null && held.issuer !== manifest.issuer) {
    throw new ProtocolError(
      'pack_other_issuer',
      'The offline pack is of another issuer than the one at hand: get one of the same.',
    )
  }
  if (held !== null && !isAfter(manifest, held, issuers)) {
    throw new ProtocolError(
      'pack_older',
      'The offline pack is not newer than the one at hand: get the newest.',
    )
  }
  if (manifest.kind === 'delta' && manifest.base !== held?.sequence) {
    throw new ProtocolError(
      'pack_base',
      'The offline pack only holds changes to one that is not at hand: get the full pack.',
    )
  }
  return 'newer'
}

function isAfter(manifest: PackManifest, held: PackStanding, issuers: Trust['issuers']): boolean {
  const heldKey = packKeyOf(issuers.get(held.issuer), held.keyId)
  if (heldKey === undefined || heldKey.revokedAt === null) return manifest.sequence > held.sequence
  return manifest.kind === 'full' && manifest.issuedAt.getTime() >= held.issuedAt.getTime()
}

function packKeyOf(issuer: IssuerTrust | undefined, keyId: string) {
  return issuer?.keys.find((key) => key.use === 'pack' && key.keyId === keyId)
}
