import type { SectorName } from './sectors.js'

export {
  type ClaimMetadata,
  type FreshnessPolicyDocument,
  freshnessPolicies,
  type TypeMetadataDocument,
  typeMetadataDocuments,
} from './certificates.js'

export {
  type LocalisedText,
  type SectorName,
  type SectorTemplate,
  sectorTemplates,
} from './sectors.js'

/** A DCQL query (OpenID4VP 1.0, section 6) as the files under `queries/` hold it. */
export type NamedQuery = {
  readonly credentials: readonly {
    readonly id: string
    readonly format: 'dc+sd-jwt'
    readonly meta: { readonly vct_values: readonly string[] }
    readonly claims: readonly {
      readonly id?: string
      readonly path: readonly string[]
      readonly values?: readonly (string | number | boolean)[]
    }[]
    /** Sets of claims that will do, the preferred one first. */
    readonly claim_sets?: readonly (readonly string[])[]
  }[]
}

export type QueryName =
  | 'age-over-14'
  | 'age-over-16'
  | 'age-over-18'
  | 'age-over-60'
  | 'age-over-65'
  | 'age-and-region'
  | 'age-band'
  | 'real-person'
  | 'network-number'
  | 'sign-in'
  | 'gate-age-over-18'
  | 'gate-real-person'
  | SectorName

/** Ready queries by name; the same objects as the files under `queries/`. */
export declare const queries: Readonly<Record<QueryName, NamedQuery>>

/** JSON Schemas (draft 2020-12) of the formats that are netcert's own, by file name. */
export declare const jsonSchemas: Readonly<Record<string, object>>
