import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import type { Transaction } from 'kysely'
import { configurationOfIdentifier, credentialIdentifier } from '../as-credential-identifier.js'
import type { AuthenticSource } from '../authentic-source.js'
import { civilDateAt } from '../civil-date.js'
import type { CopyPolicy } from '../copy-policy.js'
import type { Enrolment } from '../enrolment.js'
import { checkAge, checkGuardian } from '../guardianship.js'
import { IssuerError } from '../issuer-error.js'
import type { IssuerSchema } from '../issuer-schema-store.js'
import { keyedTag } from '../keyed-tag.js'
import {
  configurationPolicy,
  isConfigurationId,
  isWardConfiguration,
} from '../vci-configurations.js'
import type { WardGrantStore } from './ward-grant-store.js'

/** Whose certificates a guardian asks for. */
export type WardWish = {
  /** Reference of the guardian, to whom the tokens belong. */
  readonly guardian: string
  /** Reference of the one ward it is about; `null` for all they are guardian of. */
  readonly ward: string | null
  /** Configurations; those that are not about wards are left alone. */
  readonly configurationIds: readonly string[]
}

/** A grant among the records of the authorization server, and one dataset of it. */
export type GrantedWard = { readonly grantId: string; readonly identifier: string }

/** What guardians' tokens bring: the certificates of their wards, by `credential_identifier`. */
export type WardGrants = {
  /** Identifiers a guardian could be granted now; none for whoever is nobody's guardian. */
  eligible(wish: WardWish): Promise<readonly string[]>
  /** Writes down what a new grant brings: what `eligible` says at this moment. */
  put(
    grant: { readonly grantId: string; readonly lifetimeSeconds: number },
    wish: WardWish,
  ): Promise<void>
  /** The identifiers a grant still brings; they go into each of its tokens. */
  identifiersOf(grantId: string): Promise<readonly string[]>
  /** Whom an identifier is about. @throws IssuerError `guardian_not_linked` once that has ended. */
  wardOf(granted: GrantedWard): Promise<string>
  /** How a grant names a ward. @throws IssuerError `guardian_not_linked` */
  grantedFor(dataset: {
    readonly grantId: string
    readonly ward: string
    readonly configurationId: string
  }): Promise<GrantedWard>
  /** The same inside the transaction that plans. @throws IssuerError `guardian_not_linked` */
  assertStands(trx: Transaction<IssuerSchema>, granted: GrantedWard): Promise<void>
}

export type WardGrantParts = {
  readonly store: WardGrantStore
  readonly source: Pick<AuthenticSource, 'wardsOf'>
  readonly enrolment: Pick<Enrolment, 'standing'>
  readonly vault: Vault
  readonly clock: () => Date
}

/** What a wallet reads of one entry of `authorization_details`: more would be no family. */
const MOST_WARDS = 32
/** 132 bits of a keyed hash. */
const NAME_SYMBOLS = 22

/** The grants of guardians, on the issuer's own tables. */
export function createWardGrants(parts: WardGrantParts): WardGrants {
  const { store, clock } = parts
  return {
    eligible: async (wish) => (await datasets(parts, wish)).map(({ identifier }) => identifier),
    async put({ grantId, lifetimeSeconds }, wish) {
      const alone = wish.configurationIds.every(isWardConfiguration) ? 1 : 0
      const row = {
        grant_id: grantId,
        guardian: wish.guardian,
        alone,
        expires_at: epochSeconds(clock()) + lifetimeSeconds,
      }
      await store.put((await datasets(parts, wish)).map((dataset) => ({ ...row, ...dataset })))
    },
    identifiersOf: async (grantId) =>
      (await store.ofGrant(grantId)).map(({ identifier }) => identifier),
    async wardOf({ grantId, identifier }) {
      const rows = await store.ofGrant(grantId)
      const row = rows.find((one) => one.identifier === identifier)
      if (row === undefined) throw linkEnded()
      return row.ward
    },
    async grantedFor({ grantId, ward, configurationId }) {
      const rows = await store.ofGrant(grantId)
      const row = rows.find(
        (one) => one.ward === ward && configurationOfIdentifier(one.identifier) === configurationId,
      )
      if (row === undefined) throw linkEnded()
      return { grantId, identifier: row.identifier }
    },
    async assertStands(trx, { grantId, identifier }) {
      if (!(await store.holds(trx, { grant_id: grantId, identifier }))) throw linkEnded()
    },
  }
}

type Dataset = { readonly identifier: string; readonly ward: string }

/**
 * One for each configuration and ward that may be had. The name of a ward is opaque, the same for a
 * guardian in every grant and configuration, and another for each guardian: a wallet tells its
 * wards apart by it, and two guardians' wallets have nothing in common.
 */
async function datasets(
  parts: WardGrantParts,
  { guardian, ward, configurationIds }: WardWish,
): Promise<readonly Dataset[]> {
  const ids = configurationIds.filter(isConfigurationId).filter(isWardConfiguration)
  if (ids.length === 0) return []
  const key = parts.vault.deriveKey('netcert/vci/ward-dataset/v1')
  const found: Dataset[] = []
  const wards = ward === null ? await parts.source.wardsOf(guardian) : [ward]
  for (const one of wards.slice(0, MOST_WARDS)) {
    const name = keyedTag(key, `${guardian}|${one}`).slice(0, NAME_SYMBOLS)
    for (const id of ids) {
      const link = { ward: one, guardian, policy: configurationPolicy(id) }
      if (!(await mayHold(parts, link))) continue
      found.push({ identifier: credentialIdentifier(id, name), ward: one })
    }
  }
  return found
}

/** Somebody's wish to hold certificates of one kind for a ward. */
export type WardLink = {
  readonly ward: string
  readonly guardian: string
  readonly policy: CopyPolicy
}

/**
 * Judges age and link as they stand now.
 *
 * @throws IssuerError `citizen_unknown`, `age_not_allowed`, `guardian_not_linked`,
 *   `guardian_is_minor`.
 */
export async function assertMayHold(
  { enrolment, clock }: Pick<WardGrantParts, 'enrolment' | 'clock'>,
  { ward, guardian, policy }: WardLink,
): Promise<void> {
  const today = civilDateAt(clock())
  const [child, adult] = [await enrolment.standing(ward), await enrolment.standing(guardian)]
  checkAge(policy, child.birthdate, today)
  const named = { reference: guardian, birthdate: adult.birthdate }
  checkGuardian({ guardians: child.guardians, guardian: named }, today)
}

async function mayHold(parts: WardGrantParts, link: WardLink): Promise<boolean> {
  try {
    await assertMayHold(parts, link)
    return true
  } catch (error) {
    if (error instanceof IssuerError) return false
    throw error
  }
}

function linkEnded(): IssuerError {
  return new IssuerError(
    'guardian_not_linked',
    'This grant no longer brings certificates of that ward; ask the issuer for a new offer.',
  )
}
