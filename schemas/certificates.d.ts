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

/** The presets: `strict`, `grace-24h` and `flag-72h`. */
export declare const freshnessPolicies: readonly FreshnessPolicyDocument[]
