import { createStatusDelta } from '@netcert/credential'
import { queries } from '@netcert/schemas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserModule, openBrowserModule } from '../browser-module.js'
import { chromiumState, hasChromium } from '../chromium.js'
import {
  AUDIENCE,
  at,
  DAY,
  HOUR,
  mint,
  NONCE,
  NOW,
  present,
  root,
  STATUS_URI,
  statusKey,
} from '../trust-ground.js'
import { listsOf } from './offline-walk.js'
import { makePack, type PackChanges } from './pack-ground.js'

const rootDid = root.signer.did
const asked = { audience: AUDIENCE, nonce: NONCE, query: queries['age-over-18'] }
const textOf = async (changes: PackChanges) =>
  Buffer.from(await makePack(changes)).toString('base64url')

/** Entry 5 is revoked by it. */
async function revoking(): Promise<PackChanges> {
  const [before, after] = [new Uint8Array(256), new Uint8Array(256)]
  // Two bits an entry: the sixth begins at the third bit of the second byte.
  after[1] = 0b0100
  const times = { issuedAt: at(-HOUR), expiresAt: at(7 * DAY), ttlSeconds: 12 * HOUR }
  const lists = { before: { bits: 2, bytes: before }, after: { bits: 2, bytes: after } } as const
  const delta = await createStatusDelta({
    ...{ uri: STATUS_URI, ...lists, signer: statusKey.signer, ...times },
  })
  return { seq: 2, base: 1, issuedAt: at(-HOUR), entries: [['status-delta', STATUS_URI, delta]] }
}

describe.skipIf(!hasChromium)(`offline packs in a browser${chromiumState}`, () => {
  let browser: BrowserModule
  beforeAll(async () => {
    browser = await openBrowserModule('offline/pack-page.ts')
  })
  afterAll(() => browser?.close())

  it('are taken in, verify, go on by deltas and refuse, with what the browser has', async () => {
    const now = NOW.getTime()
    const [full, delta, presentation] = await Promise.all([
      textOf({ issuedAt: at(-2 * HOUR), entries: await listsOf([], at(-2 * HOUR)) }),
      textOf(await revoking()),
      present(await mint()),
    ])
    expect(await browser.call('bring', full, rootDid, now)).toEqual({
      ...{ seq: 1, coverage: { lists: 1, issuers: 1, entries: 2 }, warnings: [] },
    })
    expect(await browser.call('verify', presentation, asked, now)).toEqual({
      ...{ facts: { age_equal_or_over: { '18': true } }, verdict: 'valid', reason: 'fresh' },
    })
    expect(await browser.call('bring', delta, rootDid, now)).toMatchObject({ seq: 2 })
    expect(await browser.call('verify', presentation, asked, now)).toEqual({
      refused: 'status_invalid',
    })
    // Over a restart too: the floor that was kept knows that there was more.
    expect(await browser.call('restart', full, rootDid, now)).toEqual({ refused: 'pack_older' })
    const altered = `${full.slice(0, -9)}${full.at(-9) === 'A' ? 'B' : 'A'}${full.slice(-8)}`
    expect(await browser.call('bring', altered, rootDid, now)).toMatchObject({
      refused: expect.stringMatching(/^pack_/),
    })
  })
})
