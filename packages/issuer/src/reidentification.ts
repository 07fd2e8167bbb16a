import type { Vault } from '@netcert/agent'
import {
  createJws,
  CredentialError,
  epochSeconds,
  type JsonObject,
  parseJws,
  parsePlatformNumber,
  parsePublicJwk,
  verifyJws,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import type { Access } from './audit/access.js'
import type { AuditTrail } from './audit/audit-trail.js'
import { IssuerError } from './issuer-error.js'
import type { OfficerStore } from './officer-store.js'
import { type OfficerKey, officerRevoked, officerUnknown } from './officers.js'
import { openPersonRecord } from './person-record.js'
import type { PersonStore } from './person-store.js'
import { createReference } from './reference.js'

/** What a lawful order asks: who has this number at this platform? */
export type NumberCase = {
  /** As a person writes it: in any case, with blanks or hyphens. */
  readonly number: string
  readonly platformId: string
  /** Number of the order or file, as the officers have it before them. */
  readonly caseNumber: string
}

export type ReidentifyOptions = NumberCase & {
  /** Signed by two officers: see `approveCase`. */
  readonly approvals: readonly string[]
  /** Hears how far the search is. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Reference of the citizen in the authentic source; `null` where nobody enrolled has that number. */
export type Reidentified = { readonly citizen: string | null }

export type ReidentificationParts = {
  readonly officers: OfficerStore
  readonly persons: PersonStore
  readonly vault: Vault
  readonly key: () => Promise<Uint8Array>
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

/** `typ` of an officer's approval of one search. */
export const APPROVAL_TYP = 'netcert-reidentification+jwt'
/** Both officers approve the one search that follows; an approval kept for later is none. */
const APPROVAL_SECONDS = 900
/** No control character, nothing that turns writing round; case numbers have Chinese ones, too. */
const CASE_NUMBER = /^(?! )[\p{L}\p{N} ().\-/_（）〔〕]{1,64}$/u
const PAGE = 500

/**
 * An officer's approval of a case: a JWS over number, platform, case number and time, for one
 * search within the next quarter of an hour.
 *
 * @throws IssuerError `case_malformed`; CredentialError `platform_number_invalid`.
 */
export function approveCase(
  { id, signer }: OfficerKey,
  asked: NumberCase,
  now: Date,
): Promise<string> {
  const payload = { ...caseClaims(asked), iat: epochSeconds(now) }
  const header = { typ: APPROVAL_TYP, kid: id }
  return createJws({ header, payload, signer })
}

/**
 * Searches all enrolled people for the one who has a number at a platform. Two different officers
 * have approved exactly this case; the case is on record before the search begins. Nothing is
 * logged, and what is found stands in the answer alone.
 *
 * @throws IssuerError `case_malformed`, `approval_invalid`, `officer_repeated`, `officer_unknown`,
 *   `officer_revoked`, `operator_…`; CredentialError `platform_number_invalid`.
 */
export async function reidentify(
  parts: ReidentificationParts,
  options: ReidentifyOptions,
): Promise<Reidentified> {
  const { officers, audit, access } = parts
  access.require('audit')
  const claims = caseClaims(options)
  const now = epochSeconds(parts.clock())
  const [first, second] = await approvers(officers, options.approvals, { claims, now })
  const id = createReference('r')
  const details = { case: claims.case, first_officer: first, second_officer: second }
  await officers.putCase(
    { id, case_number: claims.case, first_officer: first, second_officer: second, at: now },
    (trx) => audit.append(trx, { event: 'number_search_begun', subject: id, details }),
  )
  // On record outside the database, too, before anything is looked for.
  await audit.settle()
  const citizen = await search(parts, claims, options.onProgress ?? (() => {}))
  const found = citizen !== null
  await officers.closeCase(id, found, (trx) =>
    audit.append(trx, { event: 'number_reidentified', subject: id, details: { found } }),
  )
  await audit.settle()
  return { citizen }
}

type CaseClaims = { readonly number: string; readonly platform: string; readonly case: string }

function caseClaims({ number, platformId, caseNumber }: NumberCase): CaseClaims {
  const isId =
    platformId.length >= 1 && platformId.length <= 128 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(platformId)
  if (!isId || !CASE_NUMBER.test(caseNumber)) {
    throw new IssuerError(
      'case_malformed',
      'A case names a platform as its accreditation does, and a case number of 1 to 64 characters; compare both with the order.',
    )
  }
  return { number: parsePlatformNumber(number), platform: platformId, case: caseNumber }
}

type Approved = { readonly claims: CaseClaims; readonly now: number }

async function approvers(
  officers: OfficerStore,
  approvals: readonly string[],
  approved: Approved,
): Promise<readonly [string, string]> {
  const [first, second, ...more] = approvals
  if (first === undefined || second === undefined || more.length > 0) throw approvalInvalid()
  const one = await approver(officers, first, approved)
  const other = await approver(officers, second, approved)
  if (one !== other) return [one, other]
  const text = 'One officer approved twice; another officer has to approve, with another key.'
  throw new IssuerError('officer_repeated', text)
}

/** The officer who approved exactly this, just now. */
async function approver(
  officers: OfficerStore,
  approval: string,
  { claims, now }: Approved,
): Promise<string> {
  const jws = readApproval(approval)
  const { typ, kid } = jws.header
  const { iat, ...said } = jws.payload
  if (typ !== APPROVAL_TYP || typeof kid !== 'string' || !saysAll(said, claims)) {
    throw approvalInvalid()
  }
  if (typeof iat !== 'number' || Math.abs(now - iat) > APPROVAL_SECONDS) throw approvalInvalid()
  const officer = await officers.get(kid)
  if (officer === undefined) throw officerUnknown()
  const key = await importVerifyingKey(parsePublicJwk(JSON.parse(officer.jwk)))
  await verifyJws(jws, key).catch((cause: unknown) => {
    throw approvalInvalid(cause)
  })
  if (officer.revoked_at !== null) throw officerRevoked()
  return officer.id
}

function readApproval(approval: string) {
  try {
    return parseJws(approval.slice(0, 4096), { algorithms: ['ES256', 'EdDSA'], maxDepth: 4 })
  } catch (error) {
    if (error instanceof CredentialError) throw approvalInvalid(error)
    throw error
  }
}

function saysAll(said: JsonObject, claims: CaseClaims): boolean {
  return (
    Object.keys(said).length === 3 &&
    said['number'] === claims.number &&
    said['platform'] === claims.platform &&
    said['case'] === claims.case
  )
}

async function search(
  { persons, vault, key }: ReidentificationParts,
  { number, platform }: CaseClaims,
  onProgress: (done: number, total: number) => void,
): Promise<string | null> {
  const { createNumberSearch } = await import('@netcert/credential/platform-number')
  const numberOf = createNumberSearch(platform)
  const secret = await key()
  const total = await persons.count()
  let done = 0
  for (let after = ''; ; ) {
    const page = await persons.page(after, PAGE)
    for (const stored of page) {
      const { numberSalt } = openPersonRecord(vault, stored)
      // Without a salt the person was never given a number anywhere.
      if (numberSalt !== null && numberOf({ key: secret, salt: numberSalt }) === number) {
        return stored.citizen
      }
      onProgress(++done, total)
    }
    const last = page.at(-1)
    if (last === undefined) return null
    after = last.id
  }
}

function approvalInvalid(cause?: unknown): IssuerError {
  return new IssuerError(
    'approval_invalid',
    'An approval is not of exactly this case, of now, by the key it names, or there are not two; let both officers approve again.',
    { cause },
  )
}
