import type { DeletionOutcome } from '@netcert/protocol'
import type { AccountKey } from './account-key.js'
import type { Accounts } from './accounts.js'
import type { Forget } from './deletion-desk.js'
import { VerifierError } from './errors.js'

/** Deletes what the platform itself keeps of its user. */
export type ForgetUser = (account: string) => DeletionOutcome | Promise<DeletionOutcome>

/** What a deletion reaches. */
export type SignInDeletion = {
  readonly accounts: Accounts
  /** Claims kept under an accreditation; `openPlatformVerifier` gives it. */
  readonly retained?: { forget(account: AccountKey): Promise<unknown> }
  /** Called with the platform's own id; when it says `refused`, nothing is deleted. */
  readonly forgetUser?: ForgetUser
}

/**
 * Answers citizens' deletion requests with what happens to their account and everything beside it. A
 * flagged account is not deleted before it is released: else whoever is behind the anomaly deletes it
 * and comes back clean.
 */
export function forgetAccount({ accounts, retained, forgetUser }: SignInDeletion): Forget {
  return async (key) => {
    const account = await accounts.find(key)
    if (account !== null && account.flag !== null) return flagged
    const outcome: DeletionOutcome =
      account === null
        ? { state: 'deleted' }
        : ((await forgetUser?.(account.id)) ?? { state: 'deleted' })
    if (outcome.state === 'refused') return outcome
    try {
      await accounts.forget(key)
    } catch (error) {
      // Flagged in this very moment: the account stays, and so does what is kept under its key.
      if (error instanceof VerifierError && error.code === 'account_flagged') return flagged
      throw error
    }
    await retained?.forget(key)
    return outcome
  }
}

const flagged: DeletionOutcome = {
  state: 'refused',
  reason: {
    'zh-CN': '账户因异常暂被限制，解除限制（本人在场验证或人工处理）后即可删除。',
    en: 'The account is closed because of an anomaly. It can be deleted once it is released.',
  },
}
