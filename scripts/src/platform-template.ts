import type { NamedQuery, SectorTemplate } from '@netcert/schemas'

/** A purpose as a registration holds it, filled from a sector's template. */
export type TemplatePurpose = {
  readonly id: string
  readonly purpose: { readonly 'zh-CN': string; readonly en: string }
  readonly legal_basis: string
  readonly legal_basis_text: { readonly 'zh-CN': string; readonly en: string } | null
  readonly credentials: readonly {
    readonly format: 'dc+sd-jwt'
    readonly vct_values: readonly string[]
    readonly claims: readonly (readonly string[])[]
  }[]
  readonly max_claims: number
  readonly retention_seconds: number
  readonly stores_raw_claims: boolean
}

/** The purpose of a sector: its texts, and the claims that its query asks. */
export function templatePurpose(template: SectorTemplate, query: NamedQuery): TemplatePurpose {
  return {
    id: template.name,
    purpose: template.purpose,
    legal_basis: template.legal_basis,
    legal_basis_text: template.legal_basis_text,
    credentials: query.credentials.map(({ format, meta, claims }) => ({
      format,
      vct_values: meta.vct_values,
      claims: claims.map(({ path }) => path),
    })),
    max_claims: template.max_claims,
    retention_seconds: template.retention_seconds,
    stores_raw_claims: template.stores_raw_claims,
  }
}

/** A registration to fill in: what is left empty is refused, place by place. */
export function registrationTemplate(purposes: readonly TemplatePurpose[]): object {
  const empty = { 'zh-CN': '', en: '' }
  return {
    id: '',
    name: empty,
    operator: { name: empty, registration_number: '' },
    request_jwk: { kty: 'EC', crv: 'P-256', x: '', y: '' },
    addresses: { website: '', privacy_policy: '', receipt: '', deletion: '' },
    purposes,
  }
}
