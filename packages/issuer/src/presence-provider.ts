import type { RequestHandler } from 'express'
import { IssuerError } from './issuer-error.js'
import type { PresenceRecorder } from './presence.js'
import { createDemoPresenceRouter, type DemoPresenceOptions } from './presence-demo-http.js'

/**
 * Where presence checks take place. Whatever it is, it tells the issuer who was there and whether a
 * face was compared; nothing in this seam could carry what the check is for.
 */
export type PresenceProvider = {
  readonly name: 'counter' | 'demo'
  /** The pages of a check on the wire, below the base URL; `null` where it takes place elsewhere. */
  readonly pages: ((record: PresenceRecorder) => RequestHandler) | null
}

/** The operator's counter: staff who have seen the person say so with `netcert presence record`. */
export const counterPresence: PresenceProvider = { name: 'counter', pages: null }

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]', '::1']

/**
 * The demonstration: a page with a button that believes whoever has logged in. It proves nothing,
 * and so it runs on this machine alone.
 *
 * @throws IssuerError `presence_demo_refused` when the issuer can be reached from elsewhere.
 */
export function demoPresence(
  options: DemoPresenceOptions & { readonly baseUrl: string; readonly host: string },
): PresenceProvider {
  const { baseUrl, host } = options
  if (!LOOPBACK.includes(new URL(baseUrl).hostname) || !LOOPBACK.includes(host)) {
    throw new IssuerError(
      'presence_demo_refused',
      'The demo of presence checks believes everybody; serve it on this machine only, or without it.',
    )
  }
  return { name: 'demo', pages: (record) => createDemoPresenceRouter(options, record) }
}
