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
