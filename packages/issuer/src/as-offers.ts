/** What a pre-authorized code stands for. */
export type OfferRedemption = {
  /** Name of the offer in the issuer's own tables. */
  readonly offer: string
  /** To whom the tokens belong: reference in the authentic source. */
  readonly citizen: string
  /** Whom the certificates are about where that is a ward of theirs. */
  readonly ward: string | null
  readonly configurationIds: readonly string[]
}

export type RedeemOptions = {
  readonly code: string
  readonly txCode: string | undefined
  /** Where the request came from: guesses are bounded by address too. */
  readonly address: string
}

/** What the authorization server asks of the offers; the credential issuer keeps them. */
export type OfferBook = {
  /**
   * Redeems a pre-authorized code: exactly one caller gets it, ever.
   *
   * @throws IssuerError a code of `OFFER_REFUSALS`.
   */
  redeemPreAuthorizedCode(options: RedeemOptions): Promise<OfferRedemption>
  /** The offer an `issuer_state` was made for; it may be forged, so it may lead nowhere. */
  findByIssuerState(issuerState: string): Promise<
    | {
        readonly offer: string
        /** Who has to log in; `null` for whoever does. */
        readonly citizen: string | null
        readonly ward: string | null
        readonly configurationIds: readonly string[]
      }
    | undefined
  >
}

/** How each refusal of an offer is answered at the token endpoint (OpenID4VCI §6.3). */
export const OFFER_REFUSALS: Readonly<
  Record<string, 'invalid_grant' | 'invalid_request' | 'busy' | undefined>
> = {
  pre_authorized_code_invalid: 'invalid_grant',
  pre_authorized_code_expired: 'invalid_grant',
  pre_authorized_code_used: 'invalid_grant',
  tx_code_wrong: 'invalid_grant',
  tx_code_missing: 'invalid_request',
  tx_code_unexpected: 'invalid_request',
  offer_busy: 'busy',
}
