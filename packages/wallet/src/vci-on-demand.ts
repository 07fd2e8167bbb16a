import { epochSeconds } from '@netcert/credential'
import { type GrantedRequest, openRecord } from './issuance-records.js'
import type { IssuanceGround } from './vci-ground.js'
import { keyOf, openDeferred, runOut } from './held-grants.js'
import type { RenewalReport } from './vci-renewal.js'
import type { IssuanceRow } from './stores.js'

/** A certificate of which no copy is left, and which a grant still brings without a new offer. */
export type Refillable = {
  readonly vct: string
  /** Who would be asked, and can tell by that that the copies were used up. */
  readonly issuer: string
}

/** Fetching at once what has run out, for an answer that waits for it. */
export type Refills = {
  /** Asks nobody. */
  find(types: ReadonlySet<string>): Promise<readonly Refillable[]>
  /** Asks the issuers: only after the citizen has agreed. */
  run(types: ReadonlySet<string>): Promise<readonly RenewalReport[]>
}

/** Fetches one-time copies anew where they have been spent. */
export function createRefills(ground: IssuanceGround): Refills {
  return {
    async find(types) {
      const spent = await findSpent(ground, types)
      return spent.flatMap(({ issuer, wanted }) =>
        wanted.flatMap(({ vct }) => (vct === undefined ? [] : [{ vct, issuer }])),
      )
    },
    async run(types) {
      const { renewBy } = await import('./vci-renewal.js')
      const reports: RenewalReport[] = []
      for (const { row, wanted } of await findSpent(ground, types)) {
        reports.push(...(await renewBy(ground, row, wanted, 'run_out')))
      }
      return reports
    },
  }
}

type Spent = {
  readonly row: IssuanceRow
  readonly issuer: string
  readonly wanted: readonly GrantedRequest[]
}

/** What has run out of these types, by grants that last, as far as it was not put off already. */
async function findSpent(
  ground: IssuanceGround,
  types: ReadonlySet<string>,
): Promise<readonly Spent[]> {
  const now = epochSeconds(ground.clock())
  const waiting = await openDeferred(ground)
  const found: Spent[] = []
  for (const row of await ground.issuanceStore.list('grant')) {
    const { requests, issuer, tokens } = openRecord(ground.vault, 'grant', row)
    const lasts = tokens.refreshToken !== null || (tokens.expiresAt ?? Infinity) > now
    if (!lasts) continue
    const asked = requests.filter(
      (request) =>
        request.vct !== undefined &&
        types.has(request.vct) &&
        !waiting.has(`${row.id} ${keyOf(request)}`),
    )
    const wanted = await runOut(ground, asked)
    if (wanted.length > 0) found.push({ row, issuer, wanted })
  }
  return found
}
