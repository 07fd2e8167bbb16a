import type { LocalisedText } from '@netcert/protocol'

/** What the wallet keeps about a platform of which it has a number, or soon will. */
export type PlatformHolding = {
  readonly platformId: string
  /** As the registrar has it; null while the platform is only prepared for. */
  readonly name: LocalisedText | null
  /** The newest accreditation that was verified: it says where a demand to delete goes. */
  readonly accreditation: string | null
  /** The grant by which the copy was fetched; another grant may be another enrolment. */
  readonly grant: string | null
  /** A keyed tag of the number: it must stay the same. */
  readonly numberTag: string | null
  /** Where the issuer has a page for presence checks; null where it has a counter only. */
  readonly presenceUri: string | null
}

/** The blinding of a platform: `r` stays here, `b` goes to the issuer. */
export type PlatformBlinding = {
  readonly platformId: string
  readonly r: string
  readonly b: string
}

/** What is kept sealed beside a numbered copy: for which platform it is, and what opens its number. */
export type PlatformSecret = { readonly platformId: string; readonly r: string }

/** A request that asked for too much, kept for a while so that it can be reported. */
export type GreedyRequest = {
  readonly platformId: string
  readonly name: LocalisedText
  readonly reportUri: string
  /** The report as it would be sent: the signed request object, and what was found. */
  readonly body: string
  readonly code: string
}
