import { GATE_PASS, type JsonObject, resolveDidKey } from '@netcert/credential'
import {
  createEncryptionKey,
  type EncryptionPrivateJwk,
  publicEncryptionJwk,
} from '@netcert/protocol'
import { createRequestObject, type RequestObject } from '@netcert/protocol'
import { packChallenge, unpackAnswer } from '@netcert/protocol/gate'
import type { AnsweredGate, ConsentDecision, GatePreview, Wallet } from '@netcert/wallet'
import { beforeEach } from 'vitest'
import { type Accredited, accredit } from './accreditation-ground.js'
import { knownOf } from './known-state.js'
import { gateClaims, later, testNow } from './trust-domain.js'
import { type Asker, didAsker } from './vp-verifier-ground.js'
import { type WalletGround, walletGround } from './wallet-ground.js'

export { refuseNetwork } from '../scripts/src/network-guard.js'

/** What a gate asks and under which accreditation. */
export type GateAsked = {
  readonly accredited?: Accredited
  /** Instead: these accreditations go along; none: an unknown gate. */
  readonly tokens?: readonly string[]
  readonly vct?: string
  readonly claims?: readonly object[]
  readonly encrypted?: boolean
  readonly changes?: Partial<RequestObject>
  readonly asker?: Asker
  /** `iat` of the challenge. */
  readonly issuedAt?: Date
}

/** What came of an answer, and what the citizen was shown before. */
export type GateOutcome = {
  /** `answered`, or the code of the refusal. */
  readonly code: string
  readonly previews: readonly GatePreview[]
  readonly answered: AnsweredGate | null
}

/** A wallet with gate passes that is read from its disk alone, and a gate with a key of its own. */
export type GateWalletGround = {
  readonly ground: WalletGround
  readonly wallet: Wallet
  readonly asker: Asker
  readonly encryptionKey: EncryptionPrivateJwk
  use(wallet: Wallet): void
  receivePasses(wallet: Wallet, copies: number, claims?: JsonObject): Promise<void>
  token(changes?: Accredited, asker?: Asker): Promise<string>
  challenge(asked?: GateAsked): Promise<string>
  answer(asked?: GateAsked | string, ...says: readonly ConsentDecision[]): Promise<GateOutcome>
  /** As the gate unpacks it. */
  unpack(text: string, nonces?: readonly string[]): ReturnType<typeof unpackAnswer>
}

export const GATE_NONCE = 'R0FURS1OT05DRS0xNi1CWQ'

const ENTRY = [
  { format: 'dc+sd-jwt', vctValues: [GATE_PASS], claims: [['real_person'], ['age_over_18']] },
] as const

/** Call at the top of a file. */
export function gateWalletGround({ passes = 8 } = {}): GateWalletGround {
  const ground = walletGround()
  const state: { wallet?: Wallet; asker?: Asker; key?: EncryptionPrivateJwk } = {}
  const known = knownOf(state)
  beforeEach(async () => {
    state.asker = await didAsker()
    state.key = await createEncryptionKey('lane')
    state.wallet = await ground.open()
    if (passes > 0) await it.receivePasses(state.wallet, passes)
  })
  const it: GateWalletGround = {
    ground,
    get wallet() {
      return known('wallet')
    },
    get asker() {
      return known('asker')
    },
    get encryptionKey() {
      return known('key')
    },
    use: (wallet) => void (state.wallet = wallet),
    async receivePasses(wallet, copies, claims = gateClaims) {
      const keys = await wallet.createHolderKeys(copies)
      const expiresAt = later(72 * 3600)
      const mint = { vct: GATE_PASS, claims, expiresAt }
      const credentials = await Promise.all(keys.map((jwk) => ground.domain.mint({ jwk, ...mint })))
      await wallet.receive({ credentials, kind: 'one-time' })
    },
    token: (changes = {}, asker = known('asker')) =>
      accredit(ground.domain, {
        credentials: ENTRY,
        requestJwk: resolveDidKey(asker.signer.did).jwk,
        ...changes,
      }),
    async challenge(asked = {}) {
      const { asker = known('asker'), issuedAt = testNow, changes = {} } = asked
      const tokens = asked.tokens ?? [await it.token(asked.accredited, known('asker'))]
      const info = tokens.map((data) => ({ format: 'registration_cert', data }))
      const request = {
        ...{ client_id: asker.clientId, nonce: GATE_NONCE, dcql_query: queryOf(asked) },
        ...(info.length === 0 ? {} : { verifier_info: info }),
        ...modeOf(asked, known('key')),
        ...changes,
      }
      const { signer, proof } = asker
      // A gate's nonce lives for a minute and a half.
      const expiresAt = new Date(issuedAt.getTime() + 90_000)
      return packChallenge(
        await createRequestObject({ request, signer, proof, issuedAt, expiresAt }),
      )
    },
    async answer(asked = {}, ...says) {
      const challenge = typeof asked === 'string' ? asked : await it.challenge(asked)
      const previews: GatePreview[] = []
      const consent = (preview: GatePreview) => {
        previews.push(preview)
        return says[previews.length - 1] ?? says.at(-1) ?? 'share'
      }
      try {
        const answered = await known('wallet').answerGate({ challenge, consent })
        return { code: 'answered', previews, answered }
      } catch (error) {
        const isCoded = error instanceof Error && 'code' in error
        return {
          code: isCoded ? String(error.code) : `fault: ${String(error)}`,
          previews,
          answered: null,
        }
      }
    },
    unpack: (text, nonces = [GATE_NONCE]) =>
      unpackAnswer(text, {
        audience: known('asker').clientId,
        nonces,
        decryptionKeys: [known('key')],
      }),
  }
  return it
}

function queryOf({ vct = GATE_PASS, claims = [{ path: ['real_person'] }] }: GateAsked): object {
  const credential = { id: 'pass', format: 'dc+sd-jwt', meta: { vct_values: [vct] }, claims }
  return { credentials: [credential] }
}

function modeOf({ encrypted = false }: GateAsked, key: EncryptionPrivateJwk) {
  const mode = { response_type: 'vp_token' } as const
  if (!encrypted) return { ...mode, response_mode: 'netcert_qr' as const }
  return {
    ...mode,
    response_mode: 'netcert_qr.jwt' as const,
    client_metadata: {
      jwks: { keys: [publicEncryptionJwk(key)] },
      encrypted_response_enc_values_supported: ['A128GCM'],
    },
  }
}
