import { type TypeMetadataDocument, typeMetadataDocuments } from '@netcert/schemas/certificates'
import type { ClaimPath } from './claim-path.js'
import { CredentialError } from './errors.js'
import { createIntegrity } from './integrity.js'

export const NETWORK_CERTIFICATE = 'urn:netcert:network-certificate:1'
export const GATE_PASS = 'urn:netcert:gate-pass:1'
export const WARD_CERTIFICATE = 'urn:netcert:ward-certificate:1'
export const GUARDIANSHIP = 'urn:netcert:guardianship:1'

/** What a claim says about a person: decides who may ask for it and what a verifier may keep. */
export type ClaimClass = 'number' | 'fact' | 'identity' | 'technical'

/** One claim of a certificate type, as the type metadata under `schemas/` states it. */
export type ClaimRule = {
  readonly path: ClaimPath
  readonly class: ClaimClass
  /** `always`: only ever as a disclosure of its own; `never`: always visible. */
  readonly sd: 'always' | 'never'
  /** `true`: an issuer must put it in. Its absence in a presentation is no fault. */
  readonly mandatory: boolean
  readonly label: { readonly 'zh-CN': string; readonly en: string }
}

/** A certificate type that netcert issues. */
export type CertificateType = {
  readonly vct: string
  readonly name: { readonly 'zh-CN': string; readonly en: string }
  /** `vct#integrity`: `sha256-` and the base64 digest of `documentText` (SD-JWT VC, section 6). */
  readonly integrity: string
  /** The published type metadata document, byte for byte as UTF-8. */
  readonly documentText: string
  readonly claims: readonly ClaimRule[]
  /**
   * Length of the top `_sd` array: decoys fill it up to this number, so that nobody can count the
   * claims. An `_sd` array further down is padded to the number of rules of the type at its level.
   */
  readonly decoyDigests: number
}

/** The types of this release, by `vct`. */
export const certificateTypes: ReadonlyMap<string, CertificateType> = new Map(
  typeMetadataDocuments.map((document) => [document.vct, readDocument(document)]),
)

/**
 * The type a `vct` names.
 *
 * @throws CredentialError `type_unknown` when this release does not know the type.
 */
export function certificateType(vct: string): CertificateType {
  const type = certificateTypes.get(vct)
  if (type === undefined) {
    throw new CredentialError(
      'type_unknown',
      'This release does not know the certificate type: update netcert or correct the vct.',
    )
  }
  return type
}

/**
 * The class of the claim a path leads to. A path below a listed claim has that claim's class; `null`
 * and indices step into arrays. Whatever is not listed counts as `identity`, the strictest class.
 */
export function claimClass(type: CertificateType, path: ClaimPath): ClaimClass {
  let found: ClaimClass = 'identity'
  let depth = 0
  for (const rule of type.claims) {
    const covers =
      rule.path.length <= path.length && rule.path.every((step, at) => step === path[at])
    if (covers && rule.path.length > depth) {
      found = rule.class
      depth = rule.path.length
    }
  }
  return found
}

function readDocument(document: TypeMetadataDocument): CertificateType {
  // The published file is exactly this text; a test compares the bytes.
  const documentText = `${JSON.stringify(document, null, 2)}\n`
  return {
    vct: document.vct,
    name: {
      'zh-CN': localised(document.display, 'zh-CN').name,
      en: localised(document.display, 'en').name,
    },
    integrity: createIntegrity(documentText),
    documentText,
    claims: document.claims.map((claim) => ({
      path: claim.path,
      class: claim.netcert_class,
      sd: claim.sd,
      mandatory: claim.mandatory,
      label: {
        'zh-CN': localised(claim.display, 'zh-CN').label,
        en: localised(claim.display, 'en').label,
      },
    })),
    decoyDigests: document.netcert_digest_count,
  }
}

function localised<Entry extends { readonly locale: string }>(
  entries: readonly Entry[],
  locale: string,
): Entry {
  const entry = entries.find((candidate) => candidate.locale === locale)
  if (entry === undefined) {
    throw new TypeError(
      `The type metadata has no display for ${locale}: correct the file under schemas/.`,
    )
  }
  return entry
}
