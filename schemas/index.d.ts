/** A claim of a type: SD-JWT VC type metadata, section 5.6, and the class netcert gives it. */
export type ClaimMetadata = {
  readonly path: readonly string[]
  readonly display: readonly { readonly locale: 'zh-CN' | 'en'; readonly label: string }[]
  readonly mandatory: boolean
  readonly sd: 'always' | 'never'
  /** What a claim says about a person; decides who may ask for it. */
  readonly netcert_class: 'number' | 'fact' | 'identity' | 'technical'
}

/** Type metadata of one certificate type, as `type-metadata.schema.json` describes it. */
export type TypeMetadataDocument = {
  readonly vct: string
  readonly name: string
  readonly description: string
  readonly display: readonly {
    readonly locale: 'zh-CN' | 'en'
    readonly name: string
    readonly description: string
    readonly rendering: object
  }[]
  /** Length to which decoys pad the `_sd` array at the top of a certificate. */
  readonly netcert_digest_count: number
  readonly claims: readonly ClaimMetadata[]
}

/** A DCQL query (OpenID4VP 1.0, section 6) as the files under `queries/` hold it. */
export type NamedQuery = {
  readonly credentials: readonly {
    readonly id: string
    readonly format: 'dc+sd-jwt'
    readonly meta: { readonly vct_values: readonly string[] }
    readonly claims: readonly {
      readonly path: readonly string[]
      readonly values?: readonly (string | number | boolean)[]
    }[]
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

/** A freshness policy, as `freshness-policy.schema.json` describes it. Times in seconds. */
export type FreshnessPolicyDocument = {
  readonly name: string
  readonly grace_seconds: number
  readonly trust_list_grace_seconds: number
  readonly status_required: boolean
  readonly stale: 'refuse' | 'accept' | 'flag'
}

/**
 * The four certificate types. Each file is `JSON.stringify(document, null, 2)` and a line feed, so
 * that its bytes, and with them `vct#integrity`, follow from the value imported here.
 */
export declare const typeMetadataDocuments: readonly TypeMetadataDocument[]

/** Ready queries by name; the same objects as the files under `queries/`. */
export declare const queries: Readonly<Record<QueryName, NamedQuery>>

/** The presets: `strict`, `grace-24h` and `flag-72h`. */
export declare const freshnessPolicies: readonly FreshnessPolicyDocument[]

/** JSON Schemas (draft 2020-12) of the formats that are netcert's own, by file name. */
export declare const jsonSchemas: Readonly<Record<string, object>>
