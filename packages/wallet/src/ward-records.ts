import { keyedTag } from './keyed-tag.js'
import { GUARDIANSHIP, WARD_CERTIFICATE } from '@netcert/credential'
import { isDisplayText, type IssuerMetadata } from '@netcert/protocol'
import { WalletError } from './errors.js'
import type { PauseTimes } from './held-pauses.js'
import { type GrantedRequest, openRecord, sealRecord } from './issuance-records.js'
import type { IssuanceStore } from './stores.js'
import type { Vault } from './keys.js'

/** The types of certificates that a guardian's wallet holds for a child, by their configuration. */
const wardTypes: Readonly<Record<string, string>> = {
  [WARD_CERTIFICATE]: 'ward-certificate',
  [GUARDIANSHIP]: 'guardianship',
}

/** Somebody this wallet's citizen is guardian of. */
export type HeldWard = {
  /** This wallet's own name for the child; it says nothing to anybody else. */
  readonly id: string
  /** What the citizen calls the child; in no certificate, and never sent. */
  readonly label: string
}

/** What is kept of a ward, sealed. */
export type WardRecord = {
  readonly issuer: string
  readonly label: string
  /** The last pause that this wallet asked for. */
  readonly pause?: PauseTimes
}

/** Where wards are looked for. */
export type WardSource = { readonly issuanceStore: IssuanceStore; readonly vault: Vault }

/** Whether a type of certificate is about a child and held by a guardian. */
export function isWardType(vct: string | undefined): boolean {
  return vct !== undefined && Object.hasOwn(wardTypes, vct)
}

/** The name under which issuers offer a type about a child. */
export function wardConfiguration(vct: string): string {
  return wardTypes[vct] ?? vct
}

/** A guardianship is shown for one act at one platform: it is fetched for that act, never ahead. */
export function isFetchedForAct(vct: string | undefined): boolean {
  return vct === GUARDIANSHIP
}

/**
 * The requests of a new grant with the ward and type of each that is about one; a ward that is met
 * for the first time gets a label to be told apart by.
 */
export async function noteWards(
  source: WardSource,
  metadata: IssuerMetadata,
  requests: readonly GrantedRequest[],
): Promise<readonly GrantedRequest[]> {
  const noted: GrantedRequest[] = []
  for (const request of requests) {
    const { configurationId, credentialIdentifier } = request
    const vct = metadata.credential_configurations_supported[configurationId]?.vct
    if (vct === undefined || !isWardType(vct)) {
      noted.push(request)
      continue
    }
    const name = wardName(credentialIdentifier)
    const ward = await noteWard(source, metadata.credential_issuer, name)
    noted.push({ ...request, vct, ward })
  }
  return noted
}

/** Whom copies are about that came without a grant; nothing for the citizen's own. */
export async function wardOfCopies(
  source: WardSource,
  copies: readonly { readonly held: { readonly vct: string; readonly issuer: string } }[],
  name = '',
): Promise<{ readonly ward?: string }> {
  const [first] = copies
  if (first === undefined || !isWardType(first.held.vct)) return {}
  return { ward: await noteWard(source, first.held.issuer, name) }
}

/** What an issuer calls a child towards this guardian: in every grant the same. */
export function wardName(credentialIdentifier: string | null): string {
  return credentialIdentifier?.slice(credentialIdentifier.lastIndexOf(':') + 1) ?? ''
}

/** This wallet's own name for a child that an issuer calls so. */
export function wardId(vault: Vault, issuer: string, name: string): string {
  const key = vault.deriveKey('netcert/wallet/ward/v1')
  return keyedTag(key, JSON.stringify([issuer, name])).slice(0, 32)
}

async function noteWard(source: WardSource, issuer: string, name: string): Promise<string> {
  const { issuanceStore, vault } = source
  const id = wardId(vault, issuer, name)
  const taken = new Set((await listWards(source)).map(({ label }) => label))
  let number = 1
  while (taken.has(`child-${number}`)) number += 1
  const content = { issuer, label: `child-${number}` }
  await issuanceStore.putFirst(sealRecord(vault, { id, kind: 'ward', content }))
  return id
}

/** Every child there ever was a grant for, by label. */
export async function listWards({ issuanceStore, vault }: WardSource): Promise<HeldWard[]> {
  const rows = await issuanceStore.list('ward')
  return rows
    .map((row) => ({ id: row.id, label: openRecord(vault, 'ward', row).label }))
    .toSorted((one, other) => one.label.localeCompare(other.label))
}

/** A ward by id or label. @throws WalletError `ward_unknown` */
export async function requireWard(source: WardSource, which: string): Promise<HeldWard> {
  const found = (await listWards(source)).find(({ id, label }) => id === which || label === which)
  if (found !== undefined) return found
  throw new WalletError(
    'ward_unknown',
    'this wallet holds nothing for a child of that label; `netcert wallet wards` lists them.',
  )
}

/**
 * Calls a ward something else.
 *
 * @throws WalletError `ward_unknown`, `ward_label` for a label that another ward has or that cannot
 *   be shown
 */
export async function renameWard(
  source: WardSource,
  which: string,
  label: string,
): Promise<HeldWard> {
  const { issuanceStore, vault } = source
  const ward = await requireWard(source, which)
  const others = (await listWards(source)).filter(({ id }) => id !== ward.id)
  const isTaken = others.some((other) => other.label === label || other.id === label)
  if (isTaken || !isDisplayText(label)) {
    throw new WalletError(
      'ward_label',
      'a label is 1 to 200 characters that can be seen, and of one child only; take another one.',
    )
  }
  const row = await issuanceStore.get('ward', ward.id)
  if (row !== undefined) {
    const content = { ...openRecord(vault, 'ward', row), label }
    await issuanceStore.put(sealRecord(vault, { id: ward.id, kind: 'ward', content }))
  }
  return { id: ward.id, label }
}

/** The issuer gives certificates of a child again: a pause that was asked for before is over. */
export async function endWardPause(
  { issuanceStore, vault }: WardSource,
  id: string,
  before: number,
): Promise<void> {
  const row = await issuanceStore.get('ward', id)
  if (row === undefined) return
  const { pause, ...content } = openRecord(vault, 'ward', row)
  if (pause === undefined || pause.since > before) return
  await issuanceStore.put(sealRecord(vault, { id, kind: 'ward', content }))
}

/** Notes a pause that the issuer took. */
export async function noteWardPause(
  { issuanceStore, vault }: WardSource,
  { id }: HeldWard,
  pause: PauseTimes,
): Promise<void> {
  const row = await issuanceStore.get('ward', id)
  if (row === undefined) return
  const content = { ...openRecord(vault, 'ward', row), pause }
  await issuanceStore.put(sealRecord(vault, { id, kind: 'ward', content }))
}
