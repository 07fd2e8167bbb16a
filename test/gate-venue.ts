import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importSigner, type PrivateJwk, type PublicJwk, type Signer } from '@netcert/credential'
import { openRegistrar } from '@netcert/issuer/registrar'
import { type ClientProof, createRequestObject, createRequestUrl } from '@netcert/protocol'
import { queries, type SectorName } from '@netcert/schemas'
import type { TemplatePurpose } from '../scripts/src/platform-template.js'
import { exampleRegistration, sectorPurpose } from './platform-ground.js'

/** A purpose of a venue: one of a sector, or one of the test's own. */
export type VenuePurpose = SectorName | TemplatePurpose

/** A venue that the registrar knows, with the key that signs its challenges at hand. */
export type Venue = {
  readonly id: string
  /** As a lane file holds it. */
  readonly requestKey: PrivateJwk
  readonly requestJwk: PublicJwk
  readonly signer: Signer
  /** `decentralized_identifier:did:key:…` of that key. */
  readonly clientId: string
  readonly proof: ClientProof
  /** The token of a purpose. @throws TypeError where it was not accredited */
  accreditation(purpose: string): string
}

/** Plain identity at a gate, with a law that asks for it. */
export const GUEST_LIST: TemplatePurpose = {
  id: 'guest-list',
  purpose: { 'zh-CN': '核对嘉宾名单', en: 'Check the list of guests' },
  legal_basis: 'law:Example Act 7',
  legal_basis_text: { 'zh-CN': '示例法第七条', en: 'Example Act, article 7' },
  credentials: [
    {
      format: 'dc+sd-jwt',
      vct_values: ['urn:netcert:network-certificate:1'],
      claims: [['family_name'], ['given_name'], ['real_person']],
    },
  ],
  max_claims: 3,
  retention_seconds: 0,
  stores_raw_claims: false,
}

/** Asks for what `GUEST_LIST` covers. */
export const guestListQuery = {
  credentials: [
    {
      id: 'certificate',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['urn:netcert:network-certificate:1'] },
      claims: [{ path: ['family_name'] }, { path: ['given_name'] }, { path: ['real_person'] }],
    },
  ],
}

/** A request key with its private half at hand: those of `generateSigner` stay where they are. */
export async function createRequestKey(): Promise<PrivateJwk> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty: 'EC', crv: 'P-256', x, y, d }
}

/** Registers a venue with an issuer's registrar, and has each purpose accredited. */
export async function registerVenue(options: {
  readonly issuerDir: string
  readonly clock: () => Date
  readonly id: string
  readonly name: { readonly 'zh-CN': string; readonly en: string }
  readonly operator: string
  readonly purposes: readonly VenuePurpose[]
  readonly requestKey?: PrivateJwk
}): Promise<Venue> {
  const { issuerDir: dir, clock, id, name, operator, purposes } = options
  const requestKey = options.requestKey ?? (await createRequestKey())
  const { d: _private, ...requestJwk } = requestKey
  const { registrar, close } = await openRegistrar({ dir, clock })
  const tokens = new Map<string, string>()
  try {
    const value = {
      ...exampleRegistration({ requestJwk, id, name, operator }),
      purposes: purposes.map((one) => (typeof one === 'string' ? sectorPurpose(one) : one)),
    }
    await registrar.register({ value, update: false })
    for (const one of purposes) {
      const purpose = typeof one === 'string' ? one : one.id
      tokens.set(purpose, (await registrar.accredit({ platform: id, purpose })).token)
    }
  } finally {
    await close()
  }
  const signer = await importSigner(requestKey)
  return {
    ...{ id, requestKey, requestJwk, signer, proof: { kind: 'did' } },
    clientId: `decentralized_identifier:${signer.did}`,
    accreditation(purpose) {
      const token = tokens.get(purpose)
      if (token === undefined) throw new TypeError(`not accredited: ${purpose}`)
      return token
    },
  }
}

/** Writes a venue's accreditations where a command reads them; gives the path of one. */
export async function writeAccreditation(venue: Venue, purpose: string, folder: string) {
  const file = join(folder, `${purpose}.jwt`)
  await writeFile(file, venue.accreditation(purpose))
  return file
}

/** A link of the venue's shop, by which a wallet shows its number: the ticket is bought. */
export async function ticketLink(
  venue: Venue,
  asked: { readonly responseUri: string; readonly now: Date },
): Promise<string> {
  const { responseUri, now } = asked
  const requestObject = await createRequestObject({
    request: {
      client_id: venue.clientId,
      ...{ response_type: 'vp_token', response_mode: 'direct_post', response_uri: responseUri },
      nonce: 'nonce-of-a-ticket-that-is-bought',
      state: 'state-of-a-ticket-that-is-bought',
      dcql_query: queries.ticketing,
      client_metadata: { vp_formats_supported: { 'dc+sd-jwt': {} } },
      verifier_info: [{ format: 'registration_cert', data: venue.accreditation('ticketing') }],
    },
    ...{ signer: venue.signer, proof: venue.proof },
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 300_000),
  })
  return createRequestUrl({ clientId: venue.clientId, requestObject })
}
