import {
  certificateTypes,
  type FreshnessPolicy,
  type Signer,
  type Trust,
  verifyPresentation,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { createDeletionAnswer, type DeletionOutcome, readDeletionRequest } from '@netcert/protocol'
import { type AccountKey, accountKeyOf } from './account-key.js'
import type { AccreditedPlatform } from './accredited-platform.js'
import { VerifierError } from './errors.js'
import { KEY_BINDING_MAX_AGE_SECONDS } from './judge.js'
import type { ReplayCache } from './replay.js'

/** Answers kept for wallets that did not hear the first one. */
const MAX_ANSWERS = 1_000
/** A KB-JWT may be dated this far ahead, so a replay has to be remembered this much longer. */
const CLOCK_SKEW_SECONDS = 120

/** Deletes what is kept of an account. Called again for an account that is gone it says `deleted`. */
export type Forget = (account: AccountKey) => DeletionOutcome | Promise<DeletionOutcome>

/** Takes deletion requests of citizens. */
export type DeletionDesk = {
  /**
   * Answers a deletion request. The same request again gets the same answer.
   *
   * @param options.presentation - Of the copy made for this platform, with its number and nothing else.
   * @returns The answer, signed by the accredited key.
   * @throws ProtocolError `deletion_malformed`; CredentialError with the code of the step that failed;
   *   VerifierError `unaccredited`, `presentation_replayed`, `replays_full`; whatever `forget` throws
   */
  answer(options: { readonly presentation: string; readonly forget?: Forget }): Promise<string>
}

/** Options of {@link createDeletionDesk}. */
export type DeletionDeskOptions = {
  readonly identity: { readonly signer: Signer }
  /** Requests are addressed to `<baseUrl>/deletion`. */
  readonly baseUrl: string
  readonly trust: () => Trust | Promise<Trust>
  readonly clock: () => Date
  readonly freshness: FreshnessPolicy
  readonly platform: () => AccreditedPlatform | null
  readonly replays: ReplayCache
}

/** Makes the desk. Who asks is proven by the certificate of the account, and by nothing else. */
export function createDeletionDesk(options: DeletionDeskOptions): DeletionDesk {
  const answers = new Map<string, string>()
  return {
    async answer({ presentation, forget = notConnected }) {
      const now = options.clock()
      const { account, platformId, isFresh } = await proveRequest(options, presentation, now)
      const mark = hashBase64Url('sha-256', presentation)
      if (!isFresh) return answers.get(mark) ?? replayed()
      const outcome = await forget(account)
      const answer = await createDeletionAnswer({
        signer: options.identity.signer,
        platformId,
        presentation,
        outcome,
        issuedAt: now,
      })
      if (answers.size >= MAX_ANSWERS) answers.delete(answers.keys().next().value ?? '')
      answers.set(mark, answer)
      return answer
    },
  }
}

async function proveRequest(options: DeletionDeskOptions, text: string, now: Date) {
  const { baseUrl, freshness, replays } = options
  const platform = options.platform()
  if (platform === null) {
    throw new VerifierError(
      'unaccredited',
      'this platform opens no numbers, so it has no accounts.',
    )
  }
  const { presentation, nonce } = readDeletionRequest({ presentation: text })
  const verified = await verifyPresentation(await options.trust(), presentation, {
    ...{ audience: `${baseUrl}/deletion`, nonce, now, freshness },
    keyBindingMaxAgeSeconds: KEY_BINDING_MAX_AGE_SECONDS,
    types: [...certificateTypes.keys()],
    claimSets: [[{ path: ['platform_number'] }]],
    platform: platform.number,
  })
  const { issuer, role, holderKey, platformNumber } = verified
  const account = accountKeyOf({
    ...{ issuer, role },
    ...(platformNumber === null ? {} : { platformNumber }),
  })
  const kept = KEY_BINDING_MAX_AGE_SECONDS + CLOCK_SKEW_SECONDS
  // After the checks: only what holds needs remembering, so junk cannot fill the cache.
  const isFresh = await replays.remember({
    ...{ holderKey, nonce },
    until: new Date(now.getTime() + kept * 1000),
  })
  return { account, platformId: platform.id, isFresh }
}

/** Saying "deleted" without anybody who deletes would be a lie with a signature. */
function notConnected(): DeletionOutcome {
  return {
    state: 'refused',
    reason: {
      'zh-CN': '本平台尚未接入自动删除，请按其隐私政策联系平台。',
      en: 'This platform does not delete automatically; ask as its privacy policy says.',
    },
  }
}

function replayed(): never {
  throw new VerifierError(
    'presentation_replayed',
    'this deletion request was answered before; make a new one.',
  )
}
