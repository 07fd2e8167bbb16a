const CLEAR_MILLISECONDS = 10_000

/**
 * Has whoever serves the page tell the browser to drop all it keeps for this origin (`Clear-Site-Data`).
 * The request carries credentials, of which there are none: without that browsers do not heed the answer.
 *
 * @returns whether there was an answer, of whatever kind
 */
export async function askToClear(): Promise<boolean> {
  const signal = AbortSignal.timeout(CLEAR_MILLISECONDS)
  const asked = { method: 'POST', cache: 'no-store', credentials: 'same-origin' } as const
  return fetch('./erased', { ...asked, signal }).then(
    () => true,
    () => false,
  )
}

/** A file of the page's own origin, as text. @throws TypeError when it is not to be had */
export async function readOwnFile(path: string): Promise<string> {
  const response = await fetch(path, { credentials: 'omit', redirect: 'error' })
  if (!response.ok) throw new TypeError(`${path} is not to be had`)
  return response.text()
}
