import { pinnedRoots, type Trust } from '@netcert/credential'
import { WalletError } from './errors.js'
import { noteVerifiedTime } from './gate/gate-time.js'
import type { WalletRoot } from './root-open.js'
import type { IssuanceStore } from './stores.js'

/** Name of the floor under the trust list's sequence number. */
const TRUST_LIST = 'trust-list'

/** A trust list to be read and verified. */
export type WantedTrust = {
  /** Whose lists count; `null` where no root is known. */
  readonly rootDids: readonly string[] | null
  readonly now: Date
  /** The greatest sequence number seen so far. */
  readonly minimumSequence: number
}

/**
 * Whom the wallet believes when it receives. It never goes back behind the newest trust list it has
 * seen: an older one that has not expired could name an issuer that was taken off since. It follows its
 * root where that announces another one, and nobody else.
 *
 * @returns The trust at a time, or by the clock.
 * @throws WalletError `trust_missing`, `trust_older`; CredentialError as `createTrust`
 */
export function createTrustSource(
  options: {
    /** Reads the list that is at hand, or fetches it. */
    readonly read: (wanted: WantedTrust) => Promise<Trust>
    /** Instead of reading one. */
    readonly trust?: (at?: Date) => Trust | Promise<Trust>
    /** `null` where the wallet knows none. */
    readonly root: WalletRoot | null
    readonly clock: () => Date
  },
  floors: Pick<IssuanceStore, 'floor' | 'raiseFloor'>,
): (at?: Date) => Promise<Trust> {
  const { root, clock } = options
  return async (at) => {
    const minimumSequence = await floors.floor(TRUST_LIST)
    const trust =
      (await options.trust?.(at)) ??
      (await options.read({
        rootDids: root === null ? null : pinnedRoots(await root.current()),
        ...{ now: at ?? clock(), minimumSequence },
      }))
    const { sequence, issuedAt } = trust.trustList
    if (sequence < minimumSequence) throw older()
    await root?.follow(trust.trustList)
    await floors.raiseFloor(TRUST_LIST, sequence)
    await noteVerifiedTime(floors, issuedAt)
    return trust
  }
}

function older(): WalletError {
  return new WalletError(
    'trust_older',
    'the trust list is older than one this wallet has seen; fetch the newest list again.',
  )
}
