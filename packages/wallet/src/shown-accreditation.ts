import type { ClaimPath } from '@netcert/credential'
import {
  type ClaimFinding,
  type ConsentClaim,
  decisionText,
  type LegalBasis,
  type LocalisedText,
  type NameWarning,
  nameWarning,
} from '@netcert/protocol'
import type { VerifiedAccreditation } from './accredited-verifier.js'
import { type ClaimName, claimName } from './claim-labels.js'

/** A platform as its registrar vouches for it; nothing of it is the platform's own word. */
export type ShownAccreditation = {
  readonly platformId: string
  readonly name: LocalisedText
  readonly purpose: LocalisedText
  readonly purposeId: string
  readonly legalBasis: LegalBasis
  readonly retentionSeconds: number
  readonly storesRawClaims: boolean
  readonly privacyPolicy: string
  readonly expiresAt: Date
  /** `unknown`: no current list of the registrar is at hand, so it may have been taken back. */
  readonly status: 'good' | 'unknown'
  /** A registered name that can still be read as another one. */
  readonly nameWarning: NameWarning | null
}

/** A claim that was asked for and is not shown. */
export type WithheldClaim = {
  /** Null for a whole certificate of a kind that is not registered. */
  readonly claim: ClaimName | null
  readonly code: ClaimFinding['code']
  readonly reason: LocalisedText
  /** A smaller claim that may serve. */
  readonly offer: ClaimName | null
  readonly credentialId: string
}

/** A claim in plain words that needs a yes of its own. */
export type IdentityClaim = ClaimName & {
  readonly basis: LegalBasis
  /** The type of the certificate it stands in. */
  readonly vct: string
}

/** An accreditation for the screen. */
export function shownAccreditation({
  accreditation,
  status,
}: VerifiedAccreditation): ShownAccreditation {
  const { platformId, name, purpose, purposeId, legalBasis, expiresAt } = accreditation
  const { retentionSeconds, storesRawClaims, privacyPolicy } = accreditation
  const warning = nameWarning(name['zh-CN']) ?? nameWarning(name.en)
  return {
    ...{ platformId, name, purpose, purposeId, legalBasis, expiresAt, status },
    ...{ retentionSeconds, storesRawClaims, privacyPolicy, nameWarning: warning },
  }
}

/** What is not shown, and why, for the screen. */
export function withheldClaims(findings: readonly ClaimFinding[]): readonly WithheldClaim[] {
  return findings.map(({ vct, path, code, offer, isOfferCovered, credentialId }) => ({
    claim: path.length === 0 ? null : claimName(vct, path),
    code,
    reason: { 'zh-CN': decisionText(code, 'zh-CN'), en: decisionText(code, 'en') },
    // What the platform is not registered for is no offer that could be shown.
    offer: offer !== null && isOfferCovered ? claimName(vct, offer) : null,
    credentialId,
  }))
}

/** What needs a yes of its own, each claim once. */
export function identityClaims(consents: readonly ConsentClaim[]): readonly IdentityClaim[] {
  const spelled = ({ path }: { readonly path: ClaimPath }) => JSON.stringify(path)
  const once = new Map(consents.map((consent) => [spelled(consent), consent]))
  return [...once.values()].map(({ vct, path, basis }) => ({ ...claimName(vct, path), basis, vct }))
}
