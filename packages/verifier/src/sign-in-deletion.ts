import type { Accounts } from './accounts.js'
import type { Forget } from './deletion-desk.js'
import { VerifierError } from './errors.js'

/**
 * Answers citizens' deletion requests with what happens to their account, and then to whatever else
 * the platform keeps of it. A flagged account is not deleted before it is released: else whoever is
 * behind the anomaly deletes it and comes back clean.
 */
export function forgetAccount(accounts: Accounts, own: Forget | undefined): Forget {
  return async (key) => {
    try {
      await accounts.forget(key)
    } catch (error) {
      if (error instanceof VerifierError && error.code === 'account_flagged') return refused
      throw error
    }
    return (await own?.(key)) ?? { state: 'deleted' }
  }
}

const refused = {
  state: 'refused',
  reason: {
    'zh-CN': '账户因异常暂被限制，解除限制（本人在场验证或人工处理）后即可删除。',
    en: 'The account is closed because of an anomaly. It can be deleted once it is released.',
  },
} as const
