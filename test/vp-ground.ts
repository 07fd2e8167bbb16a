import {
  freshnessPolicies,
  NETWORK_CERTIFICATE,
  type VerifiedPresentation,
  verifyPresentation,
} from '@netcert/credential'
import type { ConsentDecision, Wallet } from '@netcert/wallet'
import { afterEach, beforeEach } from 'vitest'
import { knownOf } from './known-state.js'
import {
  type Asker,
  didAsker,
  NONCE,
  startVerifier,
  type VerifierServer,
} from './vp-verifier-ground.js'
import { type WalletGround, walletGround } from './wallet-ground.js'

/** A wallet with three copies of a certificate, and a verifier on a loopback port. */
export type VpGround = {
  readonly ground: WalletGround
  readonly server: VerifierServer
  readonly asker: Asker
  readonly wallet: Wallet
  /** Opens the same wallet again, for example with other options. */
  reopen(options?: Parameters<WalletGround['open']>[0]): Promise<void>
  /** What becomes of a link: `answered`, or the code of the refusal. */
  answer(request: string, decision?: ConsentDecision): Promise<string>
  /** As `answer`; says so when anything was sent to the verifier's response_uri. */
  refusalOf(request: string): Promise<string>
  judge(presentation: string | undefined, audience?: string): Promise<VerifiedPresentation>
}

/** Call at the top of a file. */
export function vpGround(options: { readonly copies?: number } = {}): VpGround {
  const ground = walletGround()
  const state: { server?: VerifierServer; asker?: Asker; wallet?: Wallet } = {}
  const known = knownOf(state)
  beforeEach(async () => {
    state.server = await startVerifier()
    state.asker = await didAsker()
    state.wallet = await ground.open({ allowHttpLoopback: true })
    const copies = options.copies ?? 3
    if (copies > 0) await ground.receiveOneTime(state.wallet, copies)
  })
  afterEach(() => state.server?.close())
  const answer = (request: string, decision: ConsentDecision = 'share') =>
    known('wallet')
      .answerRequest({ request, consent: () => decision })
      .then(
        () => 'answered',
        (error: unknown) =>
          error instanceof Error && 'code' in error
            ? String(error.code)
            : `fault: ${String(error)}`,
      )
  return {
    ground,
    get server() {
      return known('server')
    },
    get asker() {
      return known('asker')
    },
    get wallet() {
      return known('wallet')
    },
    async reopen(changes = {}) {
      await ground.closeAll()
      state.wallet = await ground.open({ allowHttpLoopback: true, ...changes })
    },
    answer,
    async refusalOf(request) {
      const { server } = this
      const before = server.answers.length
      const code = await answer(request)
      return server.answers.length === before ? code : `${code}, and it was told`
    },
    async judge(presentation = '', audience = known('asker').clientId) {
      return verifyPresentation(await ground.domain.trust(), presentation, {
        audience,
        nonce: NONCE,
        now: ground.now,
        keyBindingMaxAgeSeconds: 300,
        freshness: freshnessPolicies['grace-24h'],
        types: [NETWORK_CERTIFICATE],
        claimSets: [[]],
        platform: null,
      })
    },
  }
}
