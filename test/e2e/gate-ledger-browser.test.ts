import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserModule, openBrowserModule } from '../browser-module.js'
import { chromiumState, hasChromium } from '../chromium.js'

describe.skipIf(!hasChromium)(`the entry ledger in a browser${chromiumState}`, () => {
  let browser: BrowserModule
  beforeAll(async () => {
    browser = await openBrowserModule('gate-ledger-page.ts')
  })
  afterAll(() => browser?.close())

  it('lets one pass in once, of sixty tries at once in two windows', async () => {
    expect(await browser.call('enterAtOnce', 'at-once', 60)).toEqual({ entered: 1, before: 59 })
  })

  it('tells the same as the ledger in memory, act for act', async () => {
    const [memory, indexed] = (await browser.call('walkBoth', 'walk')) as [unknown, unknown]
    expect(indexed).toEqual(memory)
    expect(memory).toEqual(expect.arrayContaining([1, 2, ['before', 1], 3]))
  })

  it('goes on after the page was opened anew, where it was', async () => {
    expect(await browser.call('enterEach', 'again', ['a', 'b'])).toEqual([1, 2])
    await browser.page.reload()
    expect(await browser.call('enterEach', 'again', ['b', 'c', 'a'])).toEqual([
      'before',
      3,
      'before',
    ])
    expect(await browser.call('standing', 'again')).toMatchObject({
      ...{ number: 3, holders: ['a', 'b', 'c'], chained: true },
    })
  })
})
