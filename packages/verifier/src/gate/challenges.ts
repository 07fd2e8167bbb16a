import {
  CONTENT_ENCRYPTIONS,
  createEncryptionKey,
  createRequestObject,
  type EncryptionPrivateJwk,
  publicEncryptionJwk,
  REGISTRATION_CERT_FORMAT,
  type RequestObject,
  verifyAccreditation,
} from '@netcert/protocol'
import { packChallenge } from '@netcert/protocol/gate'
import { VerifierError } from '../errors.js'
import type { GateOptions } from './create-gate.js'
import { ACCEPTED_EPOCHS, endOfEpoch, type LaneNonces, type NonceMoment } from './gate-nonces.js'
import type { GateChallenge } from './gate-verdict.js'
import type { LaneRules } from './lane-rules.js'

/** The word that stands for the nonce where the wallet makes its own. */
const SELF_MADE_NONCE = 'poster'

/** Options of {@link Challenges}. */
export type ChallengesOptions = Pick<
  GateOptions,
  'lane' | 'keys' | 'trust' | 'accreditationStatus'
> & { readonly rules: LaneRules; readonly nonces: LaneNonces }

/** The challenges of a lane, each made and signed once, and the keys that answers come under. */
export class Challenges {
  readonly #options: ChallengesOptions
  #shown: { readonly place: string; readonly challenge: Promise<GateChallenge> } | null = null
  readonly #keys = new Map<number, EncryptionPrivateJwk>()

  constructor(options: ChallengesOptions) {
    this.#options = options
  }

  /** The challenge of an epoch and counter. */
  at(moment: NonceMoment, now: Date): Promise<GateChallenge> {
    const place = `${moment.epoch}|${moment.counter}`
    if (this.#shown?.place === place) return this.#shown.challenge
    const challenge = this.#make(moment, now)
    const shown = { place, challenge }
    this.#shown = shown
    challenge.catch(() => {
      if (this.#shown === shown) this.#shown = null
    })
    return challenge
  }

  /** The keys of the epochs whose answers are taken, newest first; none where nothing is encrypted. */
  decryptionKeys(epoch: number): readonly EncryptionPrivateJwk[] {
    for (const old of this.#keys.keys()) {
      if (old <= epoch - ACCEPTED_EPOCHS) this.#keys.delete(old)
    }
    return [...this.#keys.values()].toReversed()
  }

  /** The challenge to be printed. @throws VerifierError `lane_invalid` */
  async poster(now: Date): Promise<string> {
    const { lane, rules } = this.#options
    if (!lane.poster && !lane.paper) {
      throw new VerifierError('lane_invalid', 'this lane takes neither poster answers nor paper.')
    }
    await this.#assertAccredited(now)
    const selfMade: RequestObject & { readonly netcert_nonce: 'self-made' } = {
      ...this.#request(SELF_MADE_NONCE, null),
      netcert_nonce: 'self-made',
    }
    return packChallenge(await this.#sign(selfMade, now, rules.accreditation.expiresAt))
  }

  async #make(moment: NonceMoment, now: Date): Promise<GateChallenge> {
    const { rules, nonces } = this.#options
    await this.#assertAccredited(now)
    const key = rules.asksIdentity ? await this.#keyOf(moment.epoch) : null
    const request = this.#request(await nonces.current(moment), key)
    const over = endOfEpoch(moment.epoch + ACCEPTED_EPOCHS - 1)
    const text = packChallenge(await this.#sign(request, now, over))
    return { text, validUntil: endOfEpoch(moment.epoch) }
  }

  async #keyOf(epoch: number): Promise<EncryptionPrivateJwk> {
    const key = this.#keys.get(epoch) ?? (await createEncryptionKey(String(epoch)))
    this.#keys.set(epoch, key)
    return key
  }

  #request(nonce: string, key: EncryptionPrivateJwk | null): RequestObject {
    const { clientId, query, accreditation } = this.#options.lane
    return {
      response_type: 'vp_token',
      response_mode: key === null ? 'netcert_qr' : 'netcert_qr.jwt',
      nonce,
      client_id: clientId,
      dcql_query: query,
      verifier_info: [{ format: REGISTRATION_CERT_FORMAT, data: accreditation }],
      ...(key === null ? {} : { client_metadata: encryptionMetadata(key) }),
    }
  }

  #sign(request: RequestObject, now: Date, expiresAt: Date): Promise<string> {
    const { signer } = this.#options.keys
    return createRequestObject({
      ...{ request, signer, expiresAt },
      proof: { kind: 'did' },
      issuedAt: now,
    })
  }

  /** What a wallet would refuse is not shown. */
  async #assertAccredited(now: Date): Promise<void> {
    const { lane, trust, accreditationStatus } = this.#options
    const { registrars } = trust().trustList
    const statusLists = accreditationStatus()
    await verifyAccreditation(lane.accreditation, { registrars, statusLists, now })
  }
}

function encryptionMetadata(key: EncryptionPrivateJwk) {
  return {
    jwks: { keys: [publicEncryptionJwk(key)] },
    encrypted_response_enc_values_supported: CONTENT_ENCRYPTIONS.slice(0, 1),
  }
}
