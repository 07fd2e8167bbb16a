import { VerifyError, verifyAndWait } from '/netcert/verify-and-wait.js'
import { say, sayRefusal } from '/texts.js'

/**
 * Asks a wallet and says what came of it.
 *
 * @param {{ query: string, into: Element, deliverTo: string, result: Element }} asked
 */
export async function askWallet({ query, into, deliverTo, result }) {
  result.textContent = ''
  into.classList.add('open')
  into.setAttribute('data-hint', say.scan)
  try {
    return await verifyAndWait({ query, into, deliverTo })
  } catch (error) {
    // The wallet led back to this shop in another tab, and that one goes on.
    if (error instanceof VerifyError && error.code === 'continued_elsewhere') return null
    if (error instanceof VerifyError && error.code === 'account_flagged') throw error
    result.textContent = sayRefusal(error instanceof VerifyError ? error.code : 'server_error')
    return null
  } finally {
    into.classList.remove('open')
    into.replaceChildren()
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
