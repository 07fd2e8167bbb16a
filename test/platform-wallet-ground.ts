import {
  type BlindedNumber,
  credentialLimits,
  decodeTextBase64Url,
  type JsonObject,
  NETWORK_CERTIFICATE,
  resolveDidKey,
  splitSdJwt,
} from '@netcert/credential'
import { createPlatform } from '@netcert/credential/platform-number'
import {
  createDisclosureReceipt,
  createRequestObject,
  createRequestUrl,
  parseAccreditation,
  parseAnswer,
} from '@netcert/protocol'
import type { AnsweredRequest, ConsentDecision, RequestPreview, Wallet } from '@netcert/wallet'
import { afterEach, beforeEach } from 'vitest'
import { type Accredited, accredit, PLATFORM_ID } from './accreditation-ground.js'
import { knownOf } from './known-state.js'
import { type VciGround, vciGround } from './vci-wallet-ground.js'
import {
  type Asker,
  didAsker,
  requestOf,
  startVerifier,
  type VerifierServer,
} from './vp-verifier-ground.js'

/** What a platform asks and under which accreditation. */
export type Asked = {
  readonly accredited?: Accredited
  /** The accreditations that go along instead; none: an unknown verifier. */
  readonly tokens?: readonly string[]
  readonly claims?: readonly object[]
  readonly query?: object
  readonly changes?: object
  readonly asker?: Asker
}

/** What an answer came to, and what the citizen was shown before. */
export type Outcome = {
  /** `answered`, or the code of the refusal. */
  readonly code: string
  readonly previews: readonly RequestPreview[]
  readonly answered: AnsweredRequest | null
}

/** A wallet that may fetch platform copies, an issuer, and an accredited platform on a port. */
export type PlatformWalletGround = {
  readonly vci: VciGround
  readonly server: VerifierServer
  readonly asker: Asker
  readonly wallet: Wallet
  /** Opens a wallet in this folder and receives an offer that brings platform copies. */
  openWallet(options?: Parameters<VciGround['open']>[0]): Promise<Wallet>
  use(wallet: Wallet): void
  link(asked?: Asked): Promise<string>
  answer(asked?: Asked | string, ...says: readonly ConsentDecision[]): Promise<Outcome>
  /** Has the platform sign receipts; `change` may spoil them. It says where to go on, too, if told to. */
  giveReceipts(change?: (token: string) => string, redirectUri?: string): void
  /** The last presentation that arrived. */
  lastPresentation(): string
  /** The platform's number in a presentation, as the platform reads it. */
  numberIn(presentation: string, platformId?: string): string
  /** The blinded platforms that the issuer was asked for, each once. */
  blindedAsked(): readonly unknown[]
}

/** The claims a platform asks to know somebody again. */
export const SIGN_IN = [{ path: ['platform_number'] }, { path: ['real_person'] }]

/** Call at the top of a file. */
export function platformWalletGround(): PlatformWalletGround {
  const vci = vciGround()
  const state: { server?: VerifierServer; asker?: Asker; wallet?: Wallet } = {}
  const known = knownOf(state)
  beforeEach(async () => {
    state.server = await startVerifier()
    state.asker = await didAsker()
    state.wallet = await ground.openWallet()
  })
  afterEach(() => state.server?.close())
  const ground: PlatformWalletGround = {
    vci,
    get server() {
      return known('server')
    },
    get asker() {
      return known('asker')
    },
    get wallet() {
      return known('wallet')
    },
    use(wallet) {
      state.wallet = wallet
    },
    async openWallet(options = {}) {
      const wallet = await vci.open(options)
      const ids = ['certificate', 'network-certificate-platform']
      await vci.receive(wallet, { offer: vci.issuer.offer({ ids }), batch: 3 })
      vci.issuer.asked.splice(0)
      return wallet
    },
    async link(asked = {}) {
      const { claims = SIGN_IN, changes = {}, asker = known('asker') } = asked
      const tokens = asked.tokens ?? [await tokenFor(vci, known('asker'), asked.accredited)]
      const credential = {
        id: 'certificate',
        format: 'dc+sd-jwt',
        meta: { vct_values: [NETWORK_CERTIFICATE] },
        claims,
      }
      const info = tokens.map((data) => ({ format: 'registration_cert', data }))
      const request = requestOf(known('server'), {
        dcql_query: asked.query ?? { credentials: [credential] },
        ...(info.length === 0 ? {} : { verifier_info: info }),
        ...changes,
      })
      const requestObject = await createRequestObject({
        request: { client_id: asker.clientId, ...request },
        signer: asker.signer,
        proof: asker.proof,
        issuedAt: vci.ground.now,
        expiresAt: new Date(vci.ground.now.getTime() + 300_000),
      })
      return createRequestUrl({ clientId: asker.clientId, requestObject })
    },
    async answer(asked = {}, ...says) {
      const request = typeof asked === 'string' ? asked : await ground.link(asked)
      const previews: RequestPreview[] = []
      const consent = (preview: RequestPreview) => {
        previews.push(preview)
        return says[previews.length - 1] ?? says.at(-1) ?? 'share'
      }
      try {
        const answered = await known('wallet').answerRequest({ request, consent })
        return { code: 'answered', previews, answered }
      } catch (error) {
        const isCoded = error instanceof Error && 'code' in error
        const code = isCoded ? String(error.code) : `fault: ${String(error)}`
        return { code, previews, answered: null }
      }
    },
    giveReceipts(change = (token) => token, redirectUri) {
      known('server').on('/response', async ({ body }) => {
        const form = Object.fromEntries(new URLSearchParams(body))
        const headers = { 'content-type': 'application/json' }
        if (form['vp_token'] === undefined) return { headers, body: '{}' }
        const receipt = await receiptFor(vci, known('asker'), form)
        const reply = { netcert_receipt: change(receipt), redirect_uri: redirectUri }
        return { headers, body: JSON.stringify(reply) }
      })
    },
    lastPresentation() {
      const answer = parseAnswer(known('server').answers.at(-1) ?? {})
      if (answer.kind === 'error') throw new TypeError('no presentation arrived')
      return Object.values(answer.vpToken).flat().at(-1) ?? ''
    },
    numberIn(presentation, platformId = PLATFORM_ID) {
      const { keyBindingJwt, disclosures } = splitSdJwt(presentation, credentialLimits)
      const claims = disclosures.map((text) => JSON.parse(decodeTextBase64Url(text)) as unknown[])
      const [, , number] = claims.find(([, name]) => name === 'platform_number') ?? []
      const { platform_number_r: r } = JSON.parse(
        decodeTextBase64Url(keyBindingJwt?.split('.')[1] ?? ''),
      ) as { platform_number_r: string }
      return createPlatform(platformId).openNumber({ ...(number as BlindedNumber), r })
    },
    blindedAsked() {
      const asked = vci.issuer.asked.filter(({ path }) => path === '/tenant/credential')
      // A request that was only to bring a nonce of the server's is sent again.
      const blinded = asked.flatMap(
        ({ body }) => (JSON.parse(body) as JsonObject)['platform_number_blinded'] ?? [],
      )
      return [...new Set(blinded)]
    },
  }
  return ground
}

/** An accreditation of the asker's key whose addresses lie at its server. */
export function tokenFor(
  { ground }: VciGround,
  { signer }: Asker,
  changes: Accredited = {},
): Promise<string> {
  return accredit(ground.domain, { requestJwk: resolveDidKey(signer.did).jwk, ...changes })
}

async function receiptFor(
  vci: VciGround,
  asker: Asker,
  form: Record<string, string>,
): Promise<string> {
  const { accreditation } = parseAccreditation(await tokenFor(vci, asker))
  const presentations = Object.values(
    JSON.parse(form['vp_token'] ?? '{}') as Record<string, string[]>,
  ).flat()
  const now = vci.ground.now
  return createDisclosureReceipt({
    signer: asker.signer,
    platformId: accreditation.platformId,
    accreditationId: accreditation.id,
    purposeId: accreditation.purposeId,
    presentations,
    issuedAt: now,
    retentionEndsAt: new Date(now.getTime() + accreditation.retentionSeconds * 1000),
  })
}
