import {
  certificateType,
  createCredential,
  generateSigner,
  type JsonObject,
  type Signer,
} from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import {
  createAccreditation,
  createRequestObject,
  type RequestObject,
  type ResponseMode,
} from '@netcert/protocol'
import type { KnownToGate } from '@netcert/protocol/gate'
import { queries, sectorTemplates } from '@netcert/schemas'
import { createPerson, numberedCopy, presentNumbered } from './accreditation-ground.js'
import { type CertifiedIssuer, createCertifiedIssuer } from './certified-issuer.js'
import { adultClaims, createTrustDomain, later, type TrustDomain } from './trust-domain.js'

const GATE_PASS = 'urn:netcert:gate-pass:1'
const DAY = 86_400

/** The facts of a gate pass. */
export const passClaims: JsonObject = {
  real_person: 'document+face',
  age_over_14: true,
  age_over_18: true,
  age_over_60: false,
}

/** A presentation for a gate, and what of it the gate knows. */
export type ShownAtGate = {
  readonly title: string
  readonly presentation: string
  readonly known: KnownToGate
}

/** A gate with real keys, and everything that may be shown to it. */
export type GateCodeGround = {
  readonly domain: TrustDomain
  readonly certified: CertifiedIssuer
  readonly audience: string
  readonly nonce: string
  /** One presentation of each kind of certificate. */
  presentations(): Promise<readonly ShownAtGate[]>
  /** A gate pass, by default with a challenge's nonce and one fact. */
  pass(options?: PassWish): Promise<ShownAtGate>
  /** A network certificate with further claims, of which these are shown. */
  certificate(claims: JsonObject, paths: readonly (readonly string[])[]): Promise<ShownAtGate>
  /** A signed challenge with its accreditation, as a registrar's templates make them. */
  challenge(sector: 'venue-entry' | 'ticketing', changes?: Partial<RequestObject>): Promise<string>
}

export type PassWish = {
  readonly claims?: JsonObject
  readonly paths?: readonly string[]
  readonly nonce?: string
  readonly known?: KnownToGate
}

const venueNames = { 'zh-CN': '东湖体育馆', en: 'East Lake Arena' }

export async function createGateCodeGround(): Promise<GateCodeGround> {
  const domain = await createTrustDomain()
  const certified = await createCertifiedIssuer()
  const venue = await generateSigner('ES256')
  const audience = `decentralized_identifier:${venue.signer.did}`
  const nonce = 'rq9bkbd1xdm3y0u4i3qZ-A'
  const known = { audience, nonce }

  const present = async (
    mint: (jwk: Holder['jwk']) => Promise<string>,
    paths: readonly (readonly string[])[],
    changes: { readonly nonce?: string; readonly keyBindingClaims?: JsonObject } = {},
  ) => {
    const holder = await generateSigner('ES256')
    const credential = await mint(holder.jwk)
    const issuedAt = later(17)
    return createPresentation({
      ...{ credential, signer: holder.signer, paths, audience, nonce, issuedAt, ...changes },
    })
  }

  const pass: GateCodeGround['pass'] = async (wish = {}) => {
    const { claims = passClaims, paths = ['age_over_18'], nonce: other = nonce } = wish
    const expiresAt = later(71 * 3600)
    const presentation = await present(
      (jwk) => domain.mint({ vct: GATE_PASS, jwk, claims, expiresAt }),
      paths.map((name) => [name]),
      { nonce: other },
    )
    return { title: `gate pass, ${paths.join(', ')}`, presentation, known: wish.known ?? known }
  }

  const presentations = async (): Promise<ShownAtGate[]> => {
    const edwards = await generateSigner('EdDSA')
    const shown = (title: string, presentation: string) => ({ title, presentation, known })
    const onPaper = {
      nonce: `paper.${nonce}`,
      known: { audience, nonce: null },
      paths: ['age_over_18', 'real_person'],
    }
    return [
      await pass(),
      await pass({ paths: ['age_over_18', 'real_person'] }),
      { ...(await pass(onPaper)), title: 'gate pass on paper' },
      { ...(await pass({ known: { audience: null, nonce: null } })), title: 'nothing left out' },
      shown(
        'network certificate, two facts',
        await present((jwk) => domain.mint({ jwk }), [['age_band'], ['residence_region']]),
      ),
      shown(
        'network certificate, a nested fact and a name',
        await present(
          (jwk) => domain.mint({ jwk, status: 7 }),
          [['age_equal_or_over', '18'], ['family_name']],
        ),
      ),
      shown('platform copy', await numbered(domain, known, { status: 3 })),
      shown(
        'ward certificate',
        await numbered(domain, known, { vct: 'urn:netcert:ward-certificate:1', status: 9 }),
      ),
      shown(
        'guardianship certificate',
        await numbered(domain, known, { vct: 'urn:netcert:guardianship:1' }),
      ),
      shown('issuer by certificate', await present(certified.mint, [['real_person']])),
      shown(
        'issuer with an Ed25519 key that is named, and transaction data',
        await present((jwk) => mintNamed(edwards.signer, jwk), [['age_over_60']], {
          keyBindingClaims: {
            transaction_data_hashes: ['n8h6P8PqBqB7Bq0y2D2Yy9FMmFzQ1hPZkzQ0aYwG7Tg'],
          },
        }),
      ),
    ]
  }

  const certificate: GateCodeGround['certificate'] = async (claims, paths) => {
    const all = { ...adultClaims, ...claims }
    const presentation = await present((jwk) => domain.mint({ jwk, claims: all }), paths)
    return { title: 'network certificate', presentation, known }
  }

  const challenge: GateCodeGround['challenge'] = async (sector, changes = {}) => {
    const data = await venueAccreditation(domain.registrar, venue.jwk, sector)
    return createRequestObject({
      request: {
        response_type: 'vp_token',
        response_mode: 'netcert_qr' satisfies ResponseMode,
        nonce,
        client_id: audience,
        dcql_query: sector === 'ticketing' ? queries.ticketing : queries['gate-age-over-18'],
        verifier_info: [{ format: 'registration_cert', data }],
        ...changes,
      },
      signer: venue.signer,
      proof: { kind: 'did' },
      issuedAt: later(7),
      expiresAt: later(97),
    })
  }
  return { domain, certified, audience, nonce, presentations, pass, certificate, challenge }
}

type Holder = Awaited<ReturnType<typeof generateSigner>>

async function numbered(
  domain: TrustDomain,
  known: { readonly audience: string; readonly nonce: string },
  options: { readonly vct?: string; readonly status?: number },
): Promise<string> {
  const copy = await numberedCopy(domain, createPerson(), options)
  return presentNumbered(copy, { ...known, issuedAt: later(17) })
}

function mintNamed(signer: Signer, holderJwk: Holder['jwk']): Promise<string> {
  return createCredential({
    ...{ type: certificateType(GATE_PASS), signer, holderJwk, claims: passClaims, status: null },
    ...{ issuedAt: later(0), expiresAt: later(72 * 3600), namesKey: true },
  })
}

/** What the registrar says about a venue: the texts of the sector's template. */
function venueAccreditation(
  registrar: Signer,
  requestJwk: Holder['jwk'],
  sector: 'venue-entry' | 'ticketing',
): Promise<string> {
  const {
    purpose,
    max_claims: maxClaims,
    retention_seconds: retentionSeconds,
  } = sectorTemplates[sector]
  const [asked] = queries[sector].credentials
  const site = 'https://arena.example'
  return createAccreditation({
    signer: registrar,
    register: { registryUri: 'https://issuer.example/register/', country: 'CN' },
    content: {
      ...{ id: 'a-6Q2v0gqZ1s', registrar: registrar.did, platformId: site, requestJwk },
      ...{ issuedAt: later(-3333), expiresAt: later(30 * DAY - 3333) },
      ...{ name: venueNames, purpose, purposeId: sector, legalBasis: 'none', maxClaims },
      credentials: [
        {
          format: 'dc+sd-jwt',
          vctValues: asked?.meta.vct_values ?? [],
          claims: asked?.claims?.map(({ path }) => path) ?? [],
        },
      ],
      ...{ retentionSeconds, storesRawClaims: false, privacyPolicy: `${site}/privacy` },
      receiptUri: `${site}/netcert/response`,
      deletionUri: `${site}/netcert/deletion`,
      reportUri: 'https://issuer.example/registrar/reports',
      status: { uri: 'https://issuer.example/registrar/status/1', index: 17 },
    },
  })
}
