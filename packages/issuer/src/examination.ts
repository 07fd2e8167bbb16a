import type { KeyStore } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import { type DataFolder, exposedPaths } from './data-folder.js'
import { compareSignatures } from './signature-reconciliation.js'
import type { SignatureStore } from './signature-store.js'
import type { IssuerKeys } from './issuer-keys.js'
import { examineKeys } from './key-examination.js'
import { examinePublication } from './lists/publication-examination.js'
import { examinePacks } from './offline-pack/pack-examination.js'
import { examineRegistrar, type RegistrarExaminationParts } from './registrar-examination.js'
import { STATUS_LIFETIME_SECONDS, STATUS_TTL_SECONDS } from './status-publication.js'
import type { IssuerStore } from './store.js'
import {
  contentDigest,
  TRUST_LIST_LIFETIME_SECONDS,
  type TrustListFacts,
} from './trust-list-content.js'

/** Something that is wrong or soon will be, and how to cure it. */
export type Problem = {
  readonly code: ProblemCode
  readonly what: string
  readonly cure: string
}

export type ProblemCode =
  | 'unsafe_mode'
  | 'key_missing'
  | 'key_expires_soon'
  | 'key_expired'
  | 'key_next_due'
  | 'key_rotation_due'
  | 'signing_key_none'
  | 'trust_list_missing'
  | 'trust_list_outdated'
  | 'trust_list_expires_soon'
  | 'trust_list_expired'
  | 'status_list_unpublished'
  | 'status_list_stale'
  | 'status_list_expired'
  | 'status_counter_behind'
  | 'clock_behind'
  | 'signature_unplanned'
  | 'signatures_exceed_plan'
  | 'signing_halted'
  | 'publication_failed'
  | 'pack_outdated'
  | 'registrar_list_unpublished'
  | 'registrar_list_stale'
  | 'accreditation_ending'
  | 'audit_broken'
  | 'audit_mirror_lags'
  /** The issuer did not open; the code of the refusal stands in `what`. */
  | 'not_opened'

export type ExaminationParts = {
  readonly folder: DataFolder
  readonly keyStore: KeyStore
  readonly keys: Pick<IssuerKeys, 'all'>
  readonly store: IssuerStore
  readonly signatures: SignatureStore
  readonly registrar: RegistrarExaminationParts
  readonly facts: () => Promise<TrustListFacts>
  readonly clock: () => Date
}

const WARN_TRUST_LIST_SECONDS = TRUST_LIST_LIFETIME_SECONDS / 2
const PUBLISH = 'Run netcert publish, and on a schedule of a few hours.'
const LOOK_INTO =
  'Find out who wrote to the database or used the signer; replace the key if it was used.'
const SIGN = 'Run netcert publish with the root key.'

/** Finds what is wrong with an issuer's folder, keys, lists, counters and clock. */
export async function examine(parts: ExaminationParts): Promise<readonly Problem[]> {
  const now = epochSeconds(parts.clock())
  return [
    ...(await examineModes(parts.folder)),
    ...(await examineKeys(parts, now)),
    ...(await examineTrustList(parts, now)),
    ...(await examineStatusLists(parts, now)),
    ...(await examineClock(parts, now)),
    ...(await examineSignatures(parts)),
    ...(await examineRegistrar(parts.registrar, now)),
    ...(await examinePublication(parts.store.published, now)),
    ...(await examinePacks(parts.store.packs, now)),
  ]
}

async function examineModes(folder: DataFolder): Promise<Problem[]> {
  return (await exposedPaths(folder)).map((path) => ({
    code: 'unsafe_mode',
    what: `Others may read ${path}.`,
    cure: `chmod -R go-rwx ${folder.dir}, and ask whether a key has been read.`,
  }))
}

async function examineTrustList({ store, facts }: ExaminationParts, now: number) {
  const problems: Problem[] = []
  const list = await store.lists.newestTrustList()
  if (list === undefined) {
    const what = 'There is no trust list.'
    return [{ code: 'trust_list_missing', what, cure: SIGN } satisfies Problem]
  }
  if (list.content !== contentDigest(await facts())) {
    const what = 'The trust list no longer says what it should.'
    problems.push({ code: 'trust_list_outdated', what, cure: SIGN })
  }
  const left = list.expires_at - now
  if (left <= 0) {
    const what = 'The trust list has expired: verifiers refuse.'
    problems.push({ code: 'trust_list_expired', what, cure: SIGN })
  } else if (left < WARN_TRUST_LIST_SECONDS) {
    const what = `The trust list expires in ${days(left)} days.`
    problems.push({ code: 'trust_list_expires_soon', what, cure: SIGN })
  }
  return problems
}

async function examineStatusLists({ store }: ExaminationParts, now: number): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const list of await store.lists.statusLists()) {
    const name = `Status list ${list.list}`
    const age = now - list.published_at
    if (list.published_at === 0) {
      const what = `${name} was never published.`
      problems.push({ code: 'status_list_unpublished', what, cure: PUBLISH })
    } else if (age > STATUS_LIFETIME_SECONDS) {
      const what = `${name} has ended: verifiers refuse.`
      problems.push({ code: 'status_list_expired', what, cure: PUBLISH })
    } else if (age > STATUS_TTL_SECONDS) {
      const what = `${name} was published ${Math.floor(age / 3600)} hours ago and is not fresh.`
      problems.push({ code: 'status_list_stale', what, cure: PUBLISH })
    }
    if ((await store.batches.plannedUpTo(list.list)) > list.next_sequence) {
      problems.push({
        code: 'status_counter_behind',
        what: `${name} counts fewer entries than its batches hold: indices could be given twice.`,
        cure: 'Mint nothing. The database was altered or restored in part; restore it whole.',
      })
    }
  }
  return problems
}

async function examineClock({ store }: ExaminationParts, now: number): Promise<Problem[]> {
  const lists = await store.lists.statusLists()
  const newest = Math.max(
    await store.batches.newestIssuedAt(),
    (await store.lists.newestTrustList())?.issued_at ?? 0,
    ...lists.map((list) => list.published_at),
  )
  if (newest <= now) return []
  return [
    {
      code: 'clock_behind',
      what: `The clock is ${newest - now} seconds behind what was issued already.`,
      cure: 'Set the clock from a time server before anything else is signed.',
    },
  ]
}

async function examineSignatures({ signatures }: ExaminationParts): Promise<Problem[]> {
  const found = await compareSignatures(signatures)
  const problems: Problem[] = found.map(({ code, what }) => ({ code, what, cure: LOOK_INTO }))
  if ((await signatures.haltedAt()) !== null) {
    const what = 'Nothing is signed: signatures and plans did not agree.'
    problems.push({
      code: 'signing_halted',
      what,
      cure: `${LOOK_INTO} Then: netcert signer resume`,
    })
  }
  return problems
}

function days(seconds: number): number {
  return Math.floor(seconds / 86_400)
}
