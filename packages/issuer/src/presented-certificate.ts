import {
  CredentialError,
  credentialLimits,
  epochSeconds,
  hashAlgorithms,
  type JsonObject,
  memberOf,
  parseStatusClaim,
  resolveDidKey,
  signatureAlgorithms,
  verifySdJwt,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { IssuerError } from './issuer-error.js'
import type { IssuerKeys } from './issuer-keys.js'
import { keyedTag } from './keyed-tag.js'
import type { PresentedBatch, PresentedStandingStore } from './presented-standing-store.js'
import type { StatusPlaces } from './status-places.js'

/** A certificate of this issuer, presented to it: signature, holder, audience and nonce are proven. */
export type PresentedCertificate = {
  readonly vct: string
  /** Keyed hash of the network number, as the person's row has it. */
  readonly numberTag: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** Where its status stands; `null` for a copy without one. */
  readonly status: { readonly uri: string; readonly index: number } | null
  readonly role: 'self' | 'guardian'
  /** What the holder signed, `netcert_purpose` and transactions among it. */
  readonly binding: JsonObject
  /** All that is visible or was disclosed. */
  readonly claims: JsonObject
}

export type ReadPresentedOptions = {
  readonly presentation: string
  /** The full address the presentation has to be made for. */
  readonly audience: string
  /** Judged by the caller: known, fresh, and used once. */
  readonly nonce: string
  readonly types: readonly string[]
  /** `netcert_purpose` that the holder signed; what was made for one thing does no other. */
  readonly purpose: string
  /** How old it may be (300): more where it is handed over by people. */
  readonly maxAgeSeconds?: number
}

/** Certificates of this issuer that come back to it: as a citizen's word, a guardian's, a contact's. */
export type PresentedCertificates = {
  /**
   * Verifies one. It has to show `network_number`.
   *
   * @throws IssuerError `presentation_refused`, with the code of the step as its cause.
   */
  read(options: ReadPresentedOptions): Promise<PresentedCertificate>
  /**
   * The batch it belongs to, by the issuer's own books, which know of a revocation before any list.
   *
   * @throws IssuerError `presentation_unknown_person` when nobody has that number any more,
   *   `presentation_not_valid` when the copy, its device or its person is revoked or suspended.
   */
  standing(presented: PresentedCertificate): Promise<PresentedBatch>
}

/** How old a presentation to the issuer may be. */
const MAX_AGE_SECONDS = 300
const MAX_FUTURE_SECONDS = 60

export type PresentedCertificatesParts = {
  readonly keys: Pick<IssuerKeys, 'all'>
  readonly store: PresentedStandingStore
  readonly places: Pick<StatusPlaces, 'indexOf' | 'uriOf'>
  /** Of network numbers; see {@link networkNumberTagKey}. */
  readonly tagKey: Uint8Array
  readonly clock: () => Date
}

/** Reads presentations of this issuer's own certificates. */
export function createPresentedCertificates(
  parts: PresentedCertificatesParts,
): PresentedCertificates {
  return {
    read: (options) => readPresented(parts, options),
    standing: (presented) => findStanding(parts, presented),
  }
}

async function readPresented(
  { keys, tagKey, clock }: PresentedCertificatesParts,
  options: ReadPresentedOptions,
): Promise<PresentedCertificate> {
  const now = epochSeconds(clock())
  const own = (await keys.all()).filter(
    ({ use, state }) => use === 'credential' && (state === 'active' || state === 'retired'),
  )
  const issuerKeys = await Promise.all(
    own.map(({ did }) => importVerifyingKey(resolveDidKey(did).jwk)),
  )
  const verified = await verifySdJwt(options.presentation, {
    now,
    clockSkewSeconds: 0,
    rejectFutureIat: false,
    requiredClaims: ['iss', 'iat', 'exp', 'vct', 'network_number'],
    audience: options.audience,
    algorithms: signatureAlgorithms,
    hashAlgorithms,
    typ: 'dc+sd-jwt',
    issuerKeys: () => issuerKeys,
    keyBinding: {
      mode: 'required',
      audience: options.audience,
      nonce: options.nonce,
      maxAgeSeconds: options.maxAgeSeconds ?? MAX_AGE_SECONDS,
      maxFutureSeconds: MAX_FUTURE_SECONDS,
    },
    allowDidKeyConfirmation: false,
    limits: credentialLimits,
  }).catch((cause: unknown) => {
    if (!(cause instanceof CredentialError)) throw cause
    throw refused(cause.code, cause)
  })
  const binding = verified.keyBinding?.jwt.payload
  if (memberOf(binding ?? {}, 'netcert_purpose') !== options.purpose || binding === undefined) {
    throw refused('it was made for something else')
  }
  return presentedFrom(verified.payload, { binding, tagKey, types: options.types })
}

function presentedFrom(
  claims: JsonObject,
  given: {
    readonly binding: JsonObject
    readonly tagKey: Uint8Array
    readonly types: readonly string[]
  },
): PresentedCertificate {
  const { vct, iat, exp, network_number: number } = claims
  const known = typeof vct === 'string' && given.types.includes(vct)
  if (!known) throw refused('it is of another type')
  if (typeof iat !== 'number' || typeof exp !== 'number' || typeof number !== 'string') {
    throw refused('it is no certificate of ours')
  }
  const status = claims['status']
  return {
    vct,
    numberTag: keyedTag(given.tagKey, number),
    issuedAt: iat,
    expiresAt: exp,
    status: status === undefined ? null : parseStatusClaim(status),
    role: claims['rep'] === 'guardian' ? 'guardian' : 'self',
    binding: given.binding,
    claims,
  }
}

async function findStanding(
  { store, places, clock }: PresentedCertificatesParts,
  presented: PresentedCertificate,
): Promise<PresentedBatch> {
  const found = await store.find(presented.numberTag, epochSeconds(clock()))
  if (found === undefined) {
    throw new IssuerError(
      'presentation_unknown_person',
      'Nobody is enrolled with that network number any more; there is nothing to be done.',
    )
  }
  // Several batches of one hour look alike where copies have no status: one that stands is enough.
  const own = found.batches.find((batch) => batch.stands && isFrom(places, batch, presented))
  if (own !== undefined && !found.isSuspended) return own
  throw new IssuerError(
    'presentation_not_valid',
    'The certificate is revoked or suspended; use one that counts, or go to the counter.',
  )
}

/** By its place on the list where it has one, else by type and times. */
function isFrom(
  { indexOf, uriOf }: Pick<StatusPlaces, 'indexOf' | 'uriOf'>,
  batch: PresentedBatch,
  { vct, issuedAt, expiresAt, status }: PresentedCertificate,
): boolean {
  if (batch.vct !== vct) return false
  const { list, firstSequence } = batch
  if (status === null || list === null || firstSequence === null) {
    const same = batch.issuedAt === issuedAt && batch.expiresAt === expiresAt
    return same && status === null && list === null
  }
  if (status.uri !== uriOf(list)) return false
  return Array.from({ length: batch.copies }, (_, copy) => firstSequence + copy).some(
    (sequence) => indexOf({ list, sequence }) === status.index,
  )
}

function refused(problem: string, cause?: unknown): IssuerError {
  return new IssuerError(
    'presentation_refused',
    `The presentation does not hold: ${problem}. Make it anew with the wallet.`,
    { cause },
  )
}
