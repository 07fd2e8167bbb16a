import {
  encodeBase64Url,
  freshnessPolicies,
  generateSigner,
  importSigner,
  type JsonObject,
  type Trust,
} from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import { createPresentation } from '@netcert/credential/holder'
import {
  type AccreditationContent,
  type AccreditationStatusLists,
  createClientIdentifier,
  parseQuery,
  type Query,
  readRequestObject,
} from '@netcert/protocol'
import { packAnswer, packEncryptedAnswer, unpackChallenge } from '@netcert/protocol/gate'
import { queries } from '@netcert/schemas'
import {
  createGate,
  createLedger,
  type EntryLedger,
  type Gate,
  type GateOptions,
  type LaneSettings,
  laneKeys,
  laneOf,
  memoryLedgerRows,
} from '@netcert/verifier/gate'
import { accredit } from './accreditation-ground.js'
import { createTrustDomain, type Holder, later, testNow, type TrustDomain } from './trust-domain.js'

export const GATE_PASS = 'urn:netcert:gate-pass:1'
export const VENUE_ID = 'https://stadium.example'
export const EVENT = {
  id: 'final-2026',
  name: { 'zh-CN': '决赛', en: 'The final' },
  endsAt: later(6 * 3600),
}
export const overEighteen = parseQuery(queries['gate-age-over-18'])
export const ticketQuery: Query = parseQuery({
  credentials: [
    {
      id: 'ticket',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['urn:netcert:network-certificate:1'] },
      claims: [{ path: ['platform_number'] }, { path: ['real_person'] }],
    },
  ],
})
export const identityQuery: Query = parseQuery({
  credentials: [
    {
      id: 'guest',
      format: 'dc+sd-jwt',
      meta: { vct_values: ['urn:netcert:network-certificate:1'] },
      claims: [{ path: ['family_name'] }, { path: ['real_person'] }],
    },
  ],
})

export const passClaims: JsonObject = {
  real_person: 'document+face',
  ...{ age_over_14: true, age_over_18: true, age_over_60: false },
}

/** A clock that a test moves. */
export type MovedClock = { now: Date; later(seconds: number): void }

/** A venue with its keys, an issuer that is trusted, and the lanes that tests make of them. */
export type LaneGround = {
  readonly domain: TrustDomain
  trust: Trust
  readonly clock: MovedClock
  /** Another lane has another secret and the same request and ledger keys. */
  settings(changes?: LaneChanges): Promise<LaneSettings>
  open(changes?: LaneChanges & OpenChanges): Promise<OpenLane>
  /** Somebody with one gate pass. */
  visitor(claims?: JsonObject, pass?: { readonly expiresAt?: Date }): Promise<Pass>
}

export type LaneChanges = Partial<Omit<LaneSettings, 'accreditation'>> & {
  readonly accreditation?: Partial<Omit<AccreditationContent, 'credentials'>>
}
export type OpenChanges = Partial<
  Pick<GateOptions, 'asOf' | 'admission' | 'onFault' | 'accreditationStatus'>
> & { readonly on?: EntryLedger }
export type OpenLane = {
  readonly gate: Gate
  readonly ledger: EntryLedger
  readonly settings: LaneSettings
}
export type Pass = { readonly credential: string; readonly holder: Holder }

/** Makes a venue. */
export async function laneGround(): Promise<LaneGround> {
  const domain = await createTrustDomain()
  const keys = await requestKeyPair()
  const ledgerKey = randomBytes(32)
  const clock: MovedClock = {
    now: testNow,
    later(seconds) {
      this.now = later(seconds, this.now)
    },
  }
  const settings: LaneGround['settings'] = async ({ accreditation, ...changes } = {}) => {
    const { d: _private, ...requestJwk } = keys.requestKey
    const token = await accredit(domain, {
      ...{ platformId: VENUE_ID, purposeId: 'entry', requestJwk, legalBasis: 'law:test' },
      credentials: [
        { format: 'dc+sd-jwt', vctValues: [GATE_PASS], claims: [['age_over_18'], ['real_person']] },
        {
          format: 'dc+sd-jwt',
          vctValues: ['urn:netcert:network-certificate:1'],
          claims: [['platform_number'], ['real_person'], ['family_name']],
        },
      ],
      ...accreditation,
    })
    return {
      venue: { 'zh-CN': '示例体育场', en: 'Example stadium' },
      event: EVENT,
      ...{ gate: 'north', lane: 'n1', kind: 'fact', rotate: 'epoch', poster: false, paper: false },
      clientId: createClientIdentifier({ prefix: 'decentralized_identifier', value: keys.did }),
      platformId: VENUE_ID,
      accreditation: token,
      rootDid: domain.rootDid,
      query: overEighteen,
      freshness: freshnessPolicies['grace-24h'],
      keepLedgerSeconds: 86_400,
      ...{ requestKey: keys.requestKey, laneSecret: randomBytes(32), ledgerKey },
      ...changes,
    }
  }
  const ground: LaneGround = {
    domain,
    trust: await domain.trust(),
    clock,
    settings,
    async open({ on, asOf, admission, onFault, accreditationStatus, ...changes } = {}) {
      const made = await settings(changes)
      const { event, keepLedgerSeconds, gate, lane } = made
      const rows = memoryLedgerRows()
      const ledger = on ?? (await createLedger({ rows, event, keepLedgerSeconds, gate, lane }))
      const none: AccreditationStatusLists = new Map()
      const opened = await createGate({
        lane: laneOf(made),
        keys: await laneKeys(made),
        trust: () => ground.trust,
        accreditationStatus: accreditationStatus ?? (() => none),
        ledger,
        clock: () => clock.now,
        ...(asOf === undefined ? {} : { asOf }),
        ...(admission === undefined ? {} : { admission }),
        ...(onFault === undefined ? {} : { onFault }),
      })
      return { gate: opened, ledger, settings: made }
    },
    async visitor(claims = passClaims, { expiresAt = later(72 * 3600) } = {}) {
      const holder = await generateSigner('ES256')
      const options = { jwk: holder.jwk, vct: GATE_PASS, claims, expiresAt }
      return { credential: await domain.mint(options), holder }
    },
  }
  return ground
}

async function requestKeyPair() {
  // The one way to a private JWK that works in a browser too.
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const requestKey = { kty: 'EC', crv: 'P-256', x, y, d } as const
  const signer = await importSigner(requestKey)
  return { requestKey, did: signer.did }
}

/** What a challenge says. */
export function readChallenge(text: string) {
  const { payload } = readRequestObject(unpackChallenge(text))
  return payload as JsonObject & { nonce: string; client_id: string }
}

/** What a wallet shows in answer to a challenge; members replace what it would do. */
export async function answerTo(
  challenge: string,
  pass: Pass,
  changes: {
    readonly nonce?: string
    readonly audience?: string
    readonly paths?: readonly (readonly string[])[]
    readonly issuedAt?: Date
    readonly bindingClaims?: JsonObject
    readonly carried?: boolean
    readonly encrypted?: boolean
  } = {},
): Promise<string> {
  const asked = readChallenge(challenge)
  const { nonce = asked.nonce, audience = asked.client_id, issuedAt = testNow } = changes
  const { paths = [['age_over_18'], ['real_person']], bindingClaims } = changes
  const presentation = await createPresentation({
    ...{ credential: pass.credential, paths, audience, nonce, issuedAt },
    signer: pass.holder.signer,
    ...(bindingClaims === undefined ? {} : { keyBindingClaims: bindingClaims }),
  })
  const known = { audience, nonce: changes.carried === true ? null : nonce }
  const metadata = asked['client_metadata'] as
    | { jwks: { keys: [never] }; encrypted_response_enc_values_supported: [string] }
    | undefined
  if (metadata === undefined || changes.encrypted === false) {
    return packAnswer({ presentation, known })
  }
  const [recipient] = metadata.jwks.keys
  const [enc] = metadata.encrypted_response_enc_values_supported
  return packEncryptedAnswer({ presentation, known, encryption: { recipient, enc } })
}

/** A nonce that a wallet makes itself. */
export const selfMade = (by: 'poster' | 'paper') => `${by}.${encodeBase64Url(randomBytes(16))}`
