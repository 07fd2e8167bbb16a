import { byClass, type KnownClaim, type Party } from './who-knows.js'

/** One line of the chart: this one got that. Places are counted from above, in rows of each side. */
export type ChartLink = {
  readonly party: number
  readonly claim: number
  readonly times: number
  readonly state: KnownClaim['state']
  readonly kind: KnownClaim['claim']['class']
}

/** Who knows what as two columns with lines between them. */
export type KnowledgeChart = {
  readonly parties: readonly Party[]
  readonly claims: readonly Pick<KnownClaim, 'key' | 'claim'>[]
  readonly links: readonly ChartLink[]
}

/** The columns in an order in which few lines cross: what says most above, then what is near to its parties. */
export function knowledgeChart(parties: readonly Party[]): KnowledgeChart {
  const found = new Map<string, { readonly known: KnownClaim; readonly at: number[] }>()
  for (const [at, party] of parties.entries()) {
    for (const known of party.claims) {
      const before = found.get(known.key)
      if (before === undefined) found.set(known.key, { known, at: [at] })
      else before.at.push(at)
    }
  }
  const middle = (at: readonly number[]) => at.reduce((sum, it) => sum + it, 0) / at.length
  const ordered = [...found.values()].toSorted(
    (a, b) => byClass(a.known, b.known) || middle(a.at) - middle(b.at),
  )
  const claims = ordered.map(({ known: { key, claim } }) => ({ key, claim }))
  const links = parties.flatMap((party, at) =>
    party.claims.map(({ key, times, state, claim }) => ({
      ...{ party: at, times, state, kind: claim.class },
      claim: claims.findIndex((it) => it.key === key),
    })),
  )
  return { parties, claims, links }
}

/** The width of a line, in pixels: it grows with how often something was shown, less and less. */
export function linkWidth(times: number): number {
  return Math.min(12, 2.5 + 2 * Math.log2(Math.max(1, times)))
}

/** A line from one side to the other, in a box 100 wide and 100 high. */
export function linkPath(
  { party, claim }: Pick<ChartLink, 'party' | 'claim'>,
  rows: { readonly parties: number; readonly claims: number },
): string {
  const from = (((party + 0.5) / rows.parties) * 100).toFixed(2)
  const to = (((claim + 0.5) / rows.claims) * 100).toFixed(2)
  return `M0 ${from}C50 ${from} 50 ${to} 100 ${to}`
}
