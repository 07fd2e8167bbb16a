/** What an issuer process says, one JSON object a line. */
export type Line =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'minted'
      readonly citizen: string
      readonly batch: string
      readonly credential: string
    }
  | { readonly kind: 'revoked'; readonly batch: string }
  | { readonly kind: 'failed'; readonly code: string }

export type Minted = Extract<Line, { kind: 'minted' }>

/** The whole lines of what a process said; the one it was killed in was never acknowledged. */
export function linesOf(output: string): Line[] {
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
}
