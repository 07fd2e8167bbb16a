import { certificateTypes, claimClass, WARD_CERTIFICATE } from '@netcert/credential'
import type { HeldCredential } from '@netcert/credential/holder'
import { type CredentialQuery, isSdJwtQuery, type Query } from '@netcert/protocol'
import { WalletError } from './errors.js'
import { openRecord } from './issuance-records.js'
import {
  type HeldWard,
  isWardType,
  listWards,
  requireWard,
  type WardSource,
} from './ward-records.js'
import type { WalletStore } from './stores.js'

/** Picks the child an answer is for, of several that would do; null: none of them. */
export type ChooseWard = (
  wards: readonly HeldWard[],
) => HeldWard['id'] | null | Promise<HeldWard['id'] | null>

/** Whose certificates may answer. */
export type SubjectChoice = {
  /** Id or label of a child; null: nobody was named. */
  readonly ward: string | null
  readonly chooseWard?: ChooseWard | undefined
}

/** Whose certificates would answer. */
export type Subject =
  /** The citizen's own, or those they hold for one child. */
  | { readonly kind: 'known'; readonly ward: HeldWard | null }
  /** Those of a child, and it has to be said of which. */
  | { readonly kind: 'open'; readonly wards: readonly HeldWard[] }

/** Where subjects are looked for. */
export type SubjectSource = WardSource & {
  readonly store: WalletStore
  readonly clock: () => Date
}

/**
 * Whose certificates a query is to be answered with. A query that the citizen's own certificate
 * answers is about the citizen unless a child is named.
 *
 * @param named - Id or label of a child; null where nobody was named.
 * @throws WalletError `ward_unknown`; `query_unanswered` when nothing asked for is about a child
 */
export async function findSubject(
  source: SubjectSource,
  query: Query,
  named: string | null,
): Promise<Subject> {
  const asked = query.credentials.filter(isSdJwtQuery).map(({ meta }) => meta.vct_values)
  const types = new Set(asked.flat().filter(isWardType))
  if (named !== null) {
    const ward = await requireWard(source, named)
    if (types.size > 0) return { kind: 'known', ward }
    throw new WalletError(
      'query_unanswered',
      'the verifier asks for no certificate that is about a child; answer for yourself, or not at all.',
    )
  }
  if (asked.every((vcts) => vcts.some((vct) => !isWardType(vct)))) {
    return { kind: 'known', ward: null }
  }
  const wards = await wardsWith(source, types)
  const [only = null, ...more] = wards
  return more.length === 0 ? { kind: 'known', ward: only } : { kind: 'open', wards }
}

/** The children this wallet holds a certificate of these types for, or may fetch one. */
async function wardsWith(
  source: SubjectSource,
  types: ReadonlySet<string>,
): Promise<readonly HeldWard[]> {
  const { issuanceStore, vault, store, clock } = source
  const batches = await store.batches(Math.floor(clock().getTime() / 1000))
  const held = batches.filter(({ vct }) => types.has(vct)).map(({ ward_id }) => ward_id)
  const grants = (await issuanceStore.list('grant')).flatMap(
    (row) => openRecord(vault, 'grant', row).requests,
  )
  const fetchable = grants.filter(({ vct = '' }) => types.has(vct)).map(({ ward }) => ward)
  const ids = new Set([...held, ...fetchable])
  return (await listWards(source)).filter(({ id }) => ids.has(id))
}

/** @throws WalletError `ward_needed` when nobody chose */
export async function chosenWard(
  found: Subject,
  choose: ChooseWard | undefined,
): Promise<HeldWard | null> {
  if (found.kind === 'known') return found.ward
  const chosen = (await choose?.(found.wards)) ?? null
  const ward = found.wards.find(({ id }) => id === chosen)
  if (ward !== undefined) return ward
  throw new WalletError(
    'ward_needed',
    'you hold certificates for several children; say which one this is about: --ward LABEL.',
  )
}

/** A query as one person's certificates can answer it: of alternatives those about somebody else go. */
export function queryAbout(query: Query, ward: HeldWard | null): Query {
  const credentials = query.credentials.map((credential) =>
    isSdJwtQuery(credential) ? aboutWard(credential, ward) : credential,
  )
  return { ...query, credentials }
}

function aboutWard(credential: CredentialQuery, ward: HeldWard | null): CredentialQuery {
  const vcts = credential.meta.vct_values
  const wanted = vcts.filter((vct) => isWardType(vct) === (ward !== null))
  if (wanted.length === 0 || wanted.length === vcts.length) return credential
  return { ...credential, meta: { ...credential.meta, vct_values: wanted } }
}

/** Whether a certificate is about somebody under 18, as far as it says. */
export function isAboutMinor({ vct, claims }: Pick<HeldCredential, 'vct' | 'claims'>): boolean {
  const adult = claims.find(({ path }) =>
    ['age_equal_or_over.18', 'age_over_18'].includes(path.join('.')),
  )
  return vct === WARD_CERTIFICATE || adult?.value === false
}

/** Whether a claim says in plain words who somebody is. */
export function isIdentity(vct: string, path: HeldCredential['claims'][number]['path']): boolean {
  const type = certificateTypes.get(vct)
  return type === undefined || claimClass(type, path) === 'identity'
}
