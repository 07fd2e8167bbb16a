import { VerifyError, verifyAndWait } from '/netcert/verify-and-wait.js'
import { say } from '/texts.js'

/**
 * What this page asks now; null: nothing yet.
 *
 * @type {{ into: Element, stopped: AbortController } | null}
 */
let latest = null

/**
 * Asks a wallet, instead of what this page asked before: an answer belongs to one question, and what
 * still waited for another one would take it.
 *
 * @param {{ query: string, into: Element, deliverTo: string }} asked
 * @returns {Promise<any>} null where another tab, or another question of this page, goes on
 */
export async function askWallet({ query, into, deliverTo }) {
  latest?.stopped.abort()
  const turn = { into, stopped: new AbortController() }
  latest = turn
  const { signal } = turn.stopped
  into.classList.add('open')
  into.setAttribute('data-hint', say.scan)
  try {
    return await verifyAndWait({ query, into, deliverTo, signal })
  } catch (error) {
    // The wallet led back to this shop in another tab, and that one goes on.
    const isElsewhere = error instanceof VerifyError && error.code === 'continued_elsewhere'
    if (signal.aborted || isElsewhere) return null
    throw error
  } finally {
    // The next question may be shown in the same place.
    if (latest === turn || latest?.into !== into) {
      into.classList.remove('open')
      into.replaceChildren()
    }
  }
}

/**
 * Other means: the number on a slip goes to the same address as a wallet's answer does.
 *
 * @param {string} deliverTo @param {string} slip
 */
export async function bySlip(deliverTo, slip) {
  const response = await fetch(deliverTo, { method: 'POST', headers: { 'shop-slip': slip.trim() } })
  const answer = await response.json()
  if (response.ok) return answer
  const missing = answer.error === 'transaction_missing' || answer.error === 'result_delivered'
  throw new VerifyError(missing ? 'slip_unknown' : String(answer.error), '', answer)
}

/** @param {string} selector @returns {any} */
export function element(selector) {
  const found = document.querySelector(selector)
  if (found === null) throw new TypeError(`${selector} is not on this page`)
  return found
}
