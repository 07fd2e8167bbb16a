import { afterAll, beforeAll } from 'vitest'

/** Opening a whole issuer takes a while on a machine that does other things as well. */
const OPENING_MS = 60_000

/**
 * What is opened once before the tests of a file and closed behind them. Call at the top of the file
 * or of a `describe`; the members are there when the first test, or the next `beforeAll`, begins.
 */
export function openedForAll<Opened extends { close(): unknown }>(
  open: () => Promise<Opened>,
): Opened {
  // Empty until it is opened, which is before anybody may look.
  const opened = {} as Opened
  beforeAll(async () => {
    // With getters and setters as they are: a ground's clock is moved through them.
    Object.defineProperties(opened, Object.getOwnPropertyDescriptors(await open()))
  }, OPENING_MS)
  afterAll(async () => void (await opened.close()))
  return opened
}
