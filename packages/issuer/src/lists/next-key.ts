import { IssuerError } from '../issuer-error.js'
import type { IssuerKey, KeyUse } from '../issuer-keys.js'

/** @throws IssuerError `next_key_early` while somebody may not know the key, except in an emergency. */
export function assertLead(
  { publishedAt }: IssuerKey,
  terms: { readonly now: Date; readonly emergency: boolean; readonly leadSeconds: number },
): void {
  const { now, emergency, leadSeconds } = terms
  const days = leadSeconds / 86_400
  const from = publishedAt === null ? null : new Date(publishedAt.getTime() + leadSeconds * 1000)
  if (emergency || (from !== null && now >= from)) return
  const wait =
    from === null
      ? `It was never published; run netcert publish with the root key, and wait ${days} days`
      : `Wait until ${from.toISOString()}`
  throw new IssuerError(
    'next_key_early',
    `Verifiers with an older trust list would refuse what this key signs. ${wait}, or use --emergency when the old key cannot be used.`,
  )
}

/** @returns an IssuerError `next_key_exists` */
export function nextExists(use: KeyUse): IssuerError {
  return new IssuerError(
    'next_key_exists',
    `There is a next ${use} key already; publish it, and activate it in its time.`,
  )
}

/** @returns an IssuerError `next_key_missing` */
export function nextMissing(use: KeyUse): IssuerError {
  return new IssuerError(
    'next_key_missing',
    `There is no next ${use} key; run netcert keys next --use ${use}, then netcert publish.`,
  )
}
