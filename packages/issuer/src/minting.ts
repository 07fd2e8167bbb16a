import {
  certificateType,
  createBatch,
  type PublicJwk,
  type Signer,
  type StatusReference,
} from '@netcert/credential'
import type { Access } from './audit/access.js'
import type { AuditTrail } from './audit/audit-trail.js'
import type { BatchStore, StoredBatch } from './batch-store.js'
import type { CertificateSigner, SigningRequest } from './certificate-signer.js'
import { civilDateAt } from './civil-date.js'
import { type CopyKind, type CopyPolicy, copyPolicy } from './copy-policy.js'
import { type Enrolled, type Enrolment, operatorAsks } from './enrolment.js'
import { checkHolderKeys } from './holder-keys.js'
import { IssuerError } from './issuer-error.js'
import type { MintedAs } from './key-modes.js'
import type { GuardianLinks } from './minors/guardian-links.js'
import { checkStanding } from './minting-standing.js'
import { personClaims } from './person-claims.js'
import { assertBlinded, type PlatformCopyClaims } from './platform-copy-claims.js'
import { commitPlan, type PlanTerms, underBoth } from './plan-commit.js'
import type { StatusPlaces } from './status-places.js'

export type MintOptions = {
  /** Reference of a citizen of the authentic source; enrolled if they were not. */
  readonly citizen: string
  /** The certificate type, a `vct`. */
  readonly type: string
  readonly copies: CopyKind
  /**
   * One key for each copy, in the order of the copies; the guardian's where one holds it. As many
   * copies as there are keys are minted, up to the number of the type.
   */
  readonly holderJwks: readonly PublicJwk[]
  /** Reference of the guardian a ward or guardianship certificate is for. */
  readonly guardian?: string
  /** The device it is fetched with; nothing for what an operator mints. */
  readonly device?: string
  /** The wallet's blinded point, where the copy is to carry a platform number. */
  readonly blinded?: string
}

export type MintedBatch = {
  /** Reference of the batch: what its status is set by. */
  readonly batch: string
  readonly credentials: readonly string[]
  readonly issuedAt: Date
  readonly expiresAt: Date
}

export type MintingParts = {
  readonly enrolment: Enrolment
  readonly batches: BatchStore
  readonly places: StatusPlaces
  readonly certificates: CertificateSigner
  readonly links: GuardianLinks
  readonly clock: () => Date
}

/** What an operator mints is on record; what wallets fetch is counted with the signatures. */
export type OperatorParts = { readonly audit: AuditTrail; readonly access: Access }

/** What is needed to sign, and no more. */
export type SigningParts = {
  readonly enrolment: Pick<Enrolment, 'open'>
  readonly batches: Pick<BatchStore, 'get'>
  readonly places: Pick<StatusPlaces, 'reference'>
  readonly platformCopies: PlatformCopyClaims
  /** Of the key, under the name that such a certificate has for it. */
  readonly signer: (policy: MintedAs) => Promise<Signer>
  readonly clock: () => Date
}

const HOUR_MILLISECONDS = 3_600_000

/** A batch whose plan is committed, so that it can be revoked whatever happens to its signing. */
export type PlannedBatch = {
  readonly batch: string
  readonly policy: CopyPolicy
  readonly enrolled: Enrolled
  readonly copies: number
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly status: StatusReference | null
}

/**
 * Mints one batch. Its plan is committed before anything is signed, so that every certificate
 * that ever left can be revoked; signatures, salts and holder keys are not kept.
 *
 * @throws IssuerError `type_unknown`, `copies_not_offered`, `holder_key_…`, `citizen_unknown`,
 *   `age_not_allowed`, `guardian_…`, `citizen_suspended`, `platform_number_not_offered`,
 *   `platform_number_malformed`, `operator_…`.
 */
export async function mintBatch(
  parts: MintingParts & OperatorParts,
  options: MintOptions,
): Promise<MintedBatch> {
  const { holderJwks, blinded = null } = options
  const { audit, access } = parts
  access.require('enrol')
  const details = { type: options.type, kind: options.copies, copies: holderJwks.length }
  const planned = await planBatch(parts, options, {
    stands: operatorAsks,
    also: (trx, subject) => audit.append(trx, { event: 'certificates_minted', subject, details }),
  })
  await audit.settle()
  return signPlanned(parts, planned, { holderJwks, blinded, namesKey: false })
}

/** Has the signer sign what is planned. @throws IssuerError as `CertificateSigner.sign`. */
export async function signPlanned(
  { certificates }: Pick<MintingParts, 'certificates'>,
  { batch, issuedAt, expiresAt }: PlannedBatch,
  request: Omit<SigningRequest, 'batch'>,
): Promise<MintedBatch> {
  return { batch, credentials: await certificates.sign({ batch, ...request }), issuedAt, expiresAt }
}

/**
 * Commits the plan of a batch, and `also` in the same transaction; signs nothing. Nobody is enrolled
 * and nothing is planned once `stands` throws.
 *
 * @throws IssuerError as `mintBatch`; whatever `stands` and `also` throw.
 */
export async function planBatch(
  parts: MintingParts,
  options: MintOptions,
  terms?: PlanTerms,
): Promise<PlannedBatch> {
  const policy = copyPolicy(options.type, options.copies)
  const copies = checkHolderKeys(options.holderJwks, policy).length
  if (options.blinded !== undefined) assertBlinded(policy, options.blinded)
  await checkStanding(parts, options, policy)
  const enrolled = await parts.enrolment.enrol(options.citizen, terms?.stands ?? operatorAsks)
  // Rounded to the hour: the copies of a batch share no moment that others do not share too.
  const issuedAt = startOfHour(parts.clock())
  const expiresAt = new Date(issuedAt.getTime() + policy.lifetimeSeconds * 1000)
  const plan = { policy, enrolled, copies, issuedAt, expiresAt }
  const { citizen, device = null, guardian = null } = options
  if (policy.holder === 'person') {
    return { ...plan, ...(await commitPlan(parts, { ...plan, device, guardian: null }, terms)) }
  }
  const link = { person: enrolled.id, citizen, guardian }
  const placed = await parts.links.hold(link, policy, (stands) =>
    commitPlan(parts, { ...plan, device, guardian }, underBoth(stands, terms)),
  )
  return { ...plan, ...placed }
}

/**
 * The plan of a batch whose signing was interrupted: the same places, the same times.
 *
 * @throws IssuerError `batch_unknown` also when its person is no longer enrolled.
 */
export async function reopenPlan(
  parts: Pick<MintingParts, 'enrolment' | 'batches' | 'places'>,
  batch: string,
): Promise<PlannedBatch> {
  return openPlan(parts, await parts.batches.get(batch))
}

/** The plan a row holds. @throws IssuerError `batch_unknown` as `reopenPlan`. */
export async function openPlan(
  { enrolment, places }: Pick<SigningParts, 'enrolment' | 'places'>,
  row: StoredBatch | undefined,
): Promise<PlannedBatch> {
  const person = row?.person ?? undefined
  const enrolled = person === undefined ? undefined : await enrolment.open(person)
  if (row === undefined || enrolled === undefined) {
    throw new IssuerError('batch_unknown', 'There is no such batch; ask for a new one.')
  }
  const policy = copyPolicy(row.vct, row.kind === 'platform' ? 'platform' : 'one-time')
  const place =
    row.list === null || row.first_sequence === null
      ? null
      : { list: row.list, sequence: row.first_sequence }
  return {
    batch: row.id,
    policy,
    enrolled,
    copies: row.copies,
    issuedAt: new Date(row.issued_at * 1000),
    expiresAt: new Date(row.expires_at * 1000),
    status: place === null ? null : places.reference(place),
  }
}

/** How the certificates of a batch look, and the point its copy's number is blinded with. */
export type SigningForm = { readonly namesKey: boolean; readonly blinded: string | null }

/**
 * Builds what is planned and signs it, one copy for each key. Only a `CertificateSigner` calls it: it
 * has looked at the plan, and it counts.
 *
 * @throws IssuerError `holder_key_…`.
 */
export async function signBatch(
  parts: Pick<SigningParts, 'signer' | 'platformCopies' | 'clock'>,
  planned: PlannedBatch,
  holderJwks: readonly PublicJwk[],
  { namesKey, blinded }: SigningForm,
): Promise<MintedBatch> {
  const { batch, policy, enrolled, issuedAt, expiresAt, status } = planned
  const keys = checkHolderKeys(holderJwks, policy)
  if (keys.length !== planned.copies) {
    const text = `The batch is planned for ${planned.copies} copies; bring a key for each.`
    throw new IssuerError('holder_key_count', text)
  }
  const type = certificateType(policy.vct)
  const today = civilDateAt(parts.clock())
  const ofCopy = await parts.platformCopies.claimsOf({ batch, policy, enrolled, blinded })
  const credentials = await createBatch({
    type,
    signer: await parts.signer(policy),
    claims: { ...personClaims(enrolled.person, type, policy, today), ...ofCopy },
    issuedAt,
    expiresAt,
    copies: keys.map((holderJwk) => ({ holderJwk, status })),
    namesKey,
  })
  return { batch, credentials, issuedAt, expiresAt }
}

function startOfHour(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / HOUR_MILLISECONDS) * HOUR_MILLISECONDS)
}
