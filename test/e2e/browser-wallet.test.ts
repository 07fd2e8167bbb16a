import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserModule, openBrowserModule } from '../browser-module.js'
import { chromiumState, hasChromium } from '../chromium.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf, startWire, type Wire } from './wire-ground.js'

describe.skipIf(!hasChromium)(`the wallet in a browser${chromiumState}`, () => {
  let wire: Wire
  let wallet: BrowserModule
  let root: string
  beforeAll(async () => {
    ;[wire, wallet] = await Promise.all([startWire(), openBrowserModule('browser-wallet-page.ts')])
    root = readFileSync(join(wire.issuer, 'root.did'), 'utf8').trim()
    await wallet.call('open', root, wire.url)
  })
  afterAll(async () => {
    await wallet?.close()
    await wire?.close()
  })

  it('receives from an issuer and shows a verifier the fact it asks, by the rules of every wallet', async () => {
    const { offer_uri, tx_code } = await offerTo(wire)
    const received = await wallet.call('receive', offer_uri, tx_code)
    expect(received).toMatchObject({ kind: 'received', certificates: [{ copies: 10 }] })
    const { request_uri, session } = await ask(wire)
    expect(await wallet.call('present', request_uri)).toMatchObject({
      shared: [{ disclosed: [['age_equal_or_over', '18']] }],
    })
    expect(jsonOf(await resultOf(wire, session))).toMatchObject({
      ...{ verified: true, facts: { age_equal_or_over: { '18': true } } },
    })
    expect(await wallet.call('remaining')).toMatchObject([{ copies: 9 }])
  })

  it('still holds it when it is opened again, and says no when its owner does', async () => {
    await wallet.call('close')
    await wallet.call('open', root, wire.url)
    expect(await wallet.call('remaining')).toMatchObject([{ copies: 9 }])
    const { request_uri } = await ask(wire)
    expect(await wallet.call('present', request_uri, 'refuse')).toEqual({
      refused: 'consent_refused',
    })
    expect(await wallet.call('present', `${request_uri}x`)).toHaveProperty('refused')
    expect(await wallet.call('remaining')).toMatchObject([{ copies: 9 }])
  })

  it('binds its tokens to a key that nobody gets out of the browser', async () => {
    expect(await wallet.call('keysForTokens')).toEqual({
      ...{ tokens: 1, extractable: 0, exported: 'InvalidAccessError' },
    })
  })

  it('shows the next copy where the key of one is gone, and refuses where none has one', async () => {
    await wallet.call('loseKeys', 2)
    const first = await ask(wire)
    expect(await wallet.call('present', first.request_uri)).toHaveProperty('shared')
    expect(jsonOf(await resultOf(wire, first.session))).toMatchObject({ verified: true })
    const second = await ask(wire)
    await wallet.call('loseKeys', 0)
    expect(await wallet.call('present', second.request_uri)).toEqual({ refused: 'copies_used_up' })
    expect(await wallet.call('remaining')).toMatchObject([{ copies: 0 }])
    const third = await ask(wire)
    expect(await wallet.call('present', third.request_uri)).toHaveProperty('shared')
  })

  it('receives by newer lists where its own do not hold any more', async () => {
    await wallet.call('spoilLists')
    const { offer_uri, tx_code } = await offerTo(wire)
    expect(await wallet.call('receive', offer_uri, tx_code)).toMatchObject({ kind: 'received' })
  })

  it('takes nothing from the page of another issuer', async () => {
    const other = 'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169'
    await wallet.call('close')
    const refused = await wallet.page.evaluate(
      async ([did, url]) => {
        const { loaded } = globalThis as never as {
          loaded: { open(root: string, url: string): Promise<void> }
        }
        return loaded.open(did, url).then(
          () => 'opened',
          (error: { code?: string }) => error.code,
        )
      },
      [other, wire.url] as const,
    )
    expect(refused).toBe('root_differs')
  })
})
