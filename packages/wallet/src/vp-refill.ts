import type { ClaimPath } from '@netcert/credential'
import { isSdJwtQuery, type Query } from '@netcert/protocol'
import { WalletError } from './errors.js'
import type { RenewalReport } from './vci-renewal.js'

/**
 * The types of certificate by which a query could be answered if there were copies. What is asked
 * for beyond what may be shown at all is no reason to contact an issuer.
 */
export function typesAnswering(
  query: Query,
  mayShow: (vct: string, path: ClaimPath) => boolean,
): ReadonlySet<string> {
  const types = query.credentials.filter(isSdJwtQuery).flatMap(({ meta, claims, claim_sets }) => {
    if (claims === undefined) return meta.vct_values
    const sets = claim_sets?.map((ids) => claims.filter(({ id }) => ids.includes(id ?? '')))
    return meta.vct_values.filter((vct) =>
      (sets ?? [claims]).some((set) => set.every(({ path }) => mayShow(vct, path))),
    )
  })
  return new Set(types)
}

/** Why there is still nothing to show after issuers were asked. */
export function stillNothing(reports: readonly RenewalReport[]): WalletError {
  const kinds = new Set(reports.map(({ kind }) => kind))
  if (kinds.has('received')) {
    return new WalletError(
      'query_unanswered',
      'new copies were fetched from the issuer, and they do not answer the query either; use ' +
        'another means of verification.',
    )
  }
  return usedUp(
    kinds.has('ended')
      ? 'the issuer gives no new ones by the old grant; get a new offer and run `netcert wallet receive`.'
      : kinds.has('deferred')
        ? 'the issuer put new ones off; run `netcert wallet refill` later.'
        : 'new ones could not be fetched; run `netcert wallet refill` when the issuer can be reached.',
  )
}

/** Copies would answer, but none is left. */
export function usedUp(
  rest = 'run `netcert wallet refill` with a network, or get a new offer and run `netcert wallet receive`.',
): WalletError {
  return new WalletError(
    'copies_used_up',
    rest.includes(';')
      ? `not enough copies of the certificate are left, and ${rest}`
      : `not enough copies of the certificate are left; ${rest}`,
  )
}
