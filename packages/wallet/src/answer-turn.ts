import { pause } from './pause.js'
import { epochSeconds } from '@netcert/credential'
import { sealRecord } from './issuance-records.js'
import type { IssuanceStore } from './stores.js'
import type { Vault } from './keys.js'

const TURN = 'answer-turn'
/** A turn takes milliseconds; so long after one that crashed in it the next may go on. */
const TURN_SECONDS = 10
const WAIT_MILLISECONDS = 20

/**
 * Does something that no other answer of this wallet does at the same time, in another process
 * neither: what is judged in a turn still holds when it is written down.
 */
export async function inTurn<Result>(
  {
    issuanceStore,
    vault,
    clock,
  }: { readonly issuanceStore: IssuanceStore; readonly vault: Vault; readonly clock: () => Date },
  work: () => Promise<Result>,
): Promise<Result> {
  await issuanceStore.putFirst(sealRecord(vault, { id: TURN, kind: 'turn', content: {} }))
  for (;;) {
    const now = epochSeconds(clock())
    // Ends by itself: every turn does.
    if ((await issuanceStore.lease(TURN, now, now + TURN_SECONDS)) !== undefined) break
    await pause(WAIT_MILLISECONDS)
  }
  try {
    return await work()
  } finally {
    await issuanceStore.release(TURN, null)
  }
}
