import type { PublicJwk } from '@netcert/credential'
import { queries, type SectorName, sectorTemplates } from '@netcert/schemas'
import { type TemplatePurpose, templatePurpose } from '../scripts/src/platform-template.js'

/** A registration that nothing is wrong with. */
export type ExampleRegistration = ReturnType<typeof exampleRegistration>

/** A ticket shop, or another platform of these sectors; two of them differ in id, name and operator. */
export function exampleRegistration(options: {
  readonly requestJwk: PublicJwk
  readonly id?: string
  readonly name?: { readonly 'zh-CN': string; readonly en: string }
  readonly operator?: string
  readonly sectors?: readonly SectorName[]
}) {
  const { requestJwk, id = 'https://tickets.example', sectors = ['ticketing'] } = options
  const { name = { 'zh-CN': '好票网', en: 'Good Tickets' }, operator = '91440300MA5EXAMPLE' } =
    options
  return {
    id,
    name,
    operator: {
      name: { 'zh-CN': '深圳好票科技有限公司', en: 'Shenzhen Good Tickets Technology Co., Ltd.' },
      registration_number: operator,
    },
    request_jwk: requestJwk,
    addresses: {
      website: 'https://tickets.example',
      privacy_policy: 'https://tickets.example/privacy',
      receipt: 'https://tickets.example/response',
      deletion: 'https://tickets.example/deletion',
    },
    purposes: sectors.map((sector) => sectorPurpose(sector)),
  }
}

/** The purpose of a sector's template. */
export function sectorPurpose(sector: SectorName): TemplatePurpose {
  const template = sectorTemplates[sector]
  return templatePurpose(template, queries[template.query])
}
