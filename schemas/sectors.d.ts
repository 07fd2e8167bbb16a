/** A text in the two languages people are spoken to. */
export type LocalisedText = { readonly 'zh-CN': string; readonly en: string }

export type SectorName =
  | 'telecom'
  | 'bank-account'
  | 'payment'
  | 'social-network'
  | 'ticketing'
  | 'venue-entry'
  | 'age-check'
  | 'account-re-authentication'
  | 'minor-act'

/** What a platform of a sector asks and why, as `sector-template.schema.json` describes it. */
export type SectorTemplate = {
  /** Also the id of the accredited purpose. */
  readonly name: SectorName
  readonly display: LocalisedText
  readonly purpose: LocalisedText
  /** `none`, `consent` or `law:<article>`. */
  readonly legal_basis: string
  readonly legal_basis_text: LocalisedText | null
  readonly retention_seconds: number
  readonly max_claims: number
  readonly stores_raw_claims: boolean
  /** Name of the query that asks for it, one of `queries`. */
  readonly query: SectorName
}

/** Ready purposes by sector; the same objects as the files under `sectors/`. */
export declare const sectorTemplates: Readonly<Record<SectorName, SectorTemplate>>
