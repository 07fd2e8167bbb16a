import type { Vault } from '@netcert/agent'
import { keyedTag } from './keyed-tag.js'

/** A record as the authorization server's library hands it over. */
export type RecordContent = {
  readonly grantId?: string | undefined
  readonly uid?: string | undefined
  readonly [member: string]: unknown
}

type Place = { readonly model: string; readonly id: string }

/** Seals a record for its row. */
export function sealContent(vault: Vault, place: Place, content: RecordContent): string {
  return vault.seal(new TextEncoder().encode(JSON.stringify(content)), contextOf(place))
}

/** @throws AgentError `sealed_wrong`, `sealed_malformed` when the row was altered or moved. */
export function openContent(
  vault: Vault,
  row: Place & { readonly sealed: string },
): Record<string, unknown> {
  const bytes = vault.unseal(row.sealed, contextOf(row))
  // Authenticated by the seal: only this file has written it.
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
}

/** The citizen a record is about; `undefined` for one that is about nobody. */
export function subjectOf(content: RecordContent): string | undefined {
  const { accountId, session, result } = content
  const login = memberOf(result, 'login')
  const named = [accountId, memberOf(session, 'accountId'), memberOf(login, 'accountId')]
  return named.find((value) => typeof value === 'string')
}

/** The name a citizen's records are found by; keyed, so that the database alone names nobody. */
export function subjectTagOf(vault: Vault, citizen: string): string {
  return keyedTag(vault.deriveKey('netcert/as/subject/v1'), citizen)
}

/** Whose records of the authorization server are meant. */
export type GrantHolder = {
  readonly subjectTag: string
  /** Whether a record from before there were subject tags is this citizen's. */
  readonly isTheirs: (record: Place & { readonly sealed: string }) => boolean
}

/** The records of a citizen, and no others. */
export function grantHolder(vault: Vault, citizen: string): GrantHolder {
  return {
    subjectTag: subjectTagOf(vault, citizen),
    isTheirs: (record) => subjectOf(openContent(vault, record)) === citizen,
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function contextOf({ model, id }: Place): string {
  return `issuer/as_records/${model}/${id}`
}
