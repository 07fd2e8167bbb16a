import type { LocalisedText } from '@netcert/protocol'

/** What the wallet keeps about a platform of which it has a number, or soon will. */
export type PlatformHolding = {
  readonly platformId: string
  /** The child it is about; null or absent: the citizen themselves. */
  readonly ward?: string | null
  /** Type of the copy; absent: the citizen's own network certificate. */
  readonly vct?: string
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

/** Which copy of a platform: of the citizen, or of a child of theirs. */
export type CopyWish = {
  readonly platformId: string
  readonly ward: string | null
  readonly vct: string
}

/** The blinding of a platform: `r` stays here, `b` goes to the issuer. */
export type PlatformBlinding = CopyWish & { readonly r: string; readonly b: string }

/** What is kept sealed beside a numbered copy: for which platform it is, and what opens its number. */
export type PlatformSecret = {
  readonly platformId: string
  readonly r: string
  /** The child it is about; absent: the citizen themselves. */
  readonly ward?: string
}

/** A request that asked for too much, kept for a while so that it can be reported. */
export type GreedyRequest = {
  readonly platformId: string
  readonly name: LocalisedText
  readonly reportUri: string
  /** The report as it would be sent: the signed request object, and what was found. */
  readonly body: string
  readonly code: string
}
