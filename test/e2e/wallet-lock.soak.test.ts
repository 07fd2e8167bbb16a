import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserModule, openBrowserModule } from '../browser-module.js'
import { chromiumState, hasChromium } from '../chromium.js'

const PIN = '394857'
const WRONG = '394858'

describe.skipIf(!hasChromium)(`the lock of a wallet in a browser${chromiumState}`, () => {
  let lock: BrowserModule
  beforeAll(async () => {
    lock = await openBrowserModule('wallet-lock-page.ts')
  })
  afterAll(() => lock?.close())

  it('opens by its PIN and by no other, and keeps neither PIN nor key in the clear', async () => {
    expect(await lock.call('begin', 'pin', PIN)).toEqual({ pin: true, passkey: false })
    expect(await lock.call('byPin', WRONG)).toBe('pin_wrong 0')
    expect(await lock.call('byPin', PIN)).toBe('opened')
    expect(await lock.call('byPasskey')).toBe('lock_missing')
    const kept = await lock.call('recordsAsText')
    expect(kept).not.toContain(PIN)
    expect(kept).not.toContain(await lock.call('masterAsText'))
  })

  it.each(['12345', '111111', '123456', '987654', '901234', '482482', 'abcdef', '48 2951'])(
    'takes no PIN like %s',
    async (pin) => {
      expect(await lock.call('isWeak', pin)).toBe(true)
      expect(await lock.call('isWeak', '394857')).toBe(false)
    },
  )

  it('waits longer after each wrong PIN, also for the right one, and forgets them when it opens', async () => {
    await lock.call('begin', 'waits', PIN)
    const answers: unknown[] = []
    for (let tries = 0; tries < 5; tries += 1) {
      answers.push(await lock.call('byPin', WRONG))
      await lock.call('later', tries === 3 ? 29 : 0)
    }
    expect(answers).toEqual([
      ...['pin_wrong 0', 'pin_wrong 0', 'pin_wrong 0', 'pin_wrong 30', 'pin_waiting 1'],
    ])
    expect(await lock.call('byPin', PIN)).toBe('pin_waiting 1')
    await lock.call('later', 1)
    expect(await lock.call('byPin', PIN)).toBe('opened')
    expect(await lock.call('byPin', WRONG)).toBe('pin_wrong 0')
  })

  it('stays closed whichever of its records is taken away or changed', async () => {
    await lock.call('begin', 'altered', PIN)
    expect(await lock.call('tryWithout', 'device')).toBe('lock_missing')
    expect(await lock.call('tryWithout', 'pin')).toBe('lock_missing')
    expect(await lock.call('tryWithout', 'tries')).toBe('opened')
    expect(await lock.call('tryAltered')).toEqual(['pin_wrong 0', 'pin_wrong 0', 'pin_wrong 0'])
    expect(await lock.call('tryOnAnotherDevice')).toMatch(/^pin_wrong/)
    await lock.call('later', 7200)
    expect(await lock.call('byPin', PIN)).toBe('opened')
  })

  it('erases the wallet after as many wrong PINs as its owner said, and not before', async () => {
    await lock.call('begin', 'wipes', PIN)
    await lock.call('wipeAfter', 3)
    expect(await lock.call('byPin', WRONG)).toBe('pin_wrong 0')
    expect(await lock.call('byPin', WRONG)).toBe('pin_wrong 0')
    expect(await lock.call('wipes')).toBe(0)
    expect(await lock.call('byPin', WRONG)).toBe('wiped')
    expect(await lock.call('wipes')).toBe(1)
    expect(await lock.call('byPin', PIN)).toBe('lock_missing')
    expect(await lock.call('ways')).toEqual({ pin: false, passkey: false })
  })

  it('says how many wrong PINs are left where its owner chose to have it erased, and else nothing', async () => {
    await lock.call('begin', 'left', PIN)
    expect(await lock.call('triesLeftAfter', WRONG)).toBe(null)
    expect(await lock.call('byPin', PIN)).toBe('opened')
    await lock.call('wipeAfter', 6)
    const left: unknown[] = []
    for (let tries = 0; tries < 5; tries += 1) left.push(await lock.call('triesLeftAfter', WRONG))
    // The fifth is not looked at: the wallet waits, and the count stays as it is.
    expect(left).toEqual([5, 4, 3, 2, 2])
    await lock.call('later', 30)
    expect(await lock.call('byPin', PIN)).toBe('opened')
  })

  it('opens by a passkey with PRF, and says so where the authenticator has none', async () => {
    await lock.call('begin', 'passkey', PIN)
    const remove = await authenticator(true)
    expect(await lock.call('addPasskey')).toBe('done')
    expect(await lock.call('ways')).toEqual({ pin: true, passkey: true })
    expect(await lock.call('byPasskey')).toBe('opened')
    await remove()
    const removePlain = await authenticator(false)
    expect(await lock.call('byPasskey')).toBe('passkey_refused')
    expect(await lock.call('addPasskey')).toBe('passkey_unsupported')
    await removePlain()
    expect(await lock.call('byPin', PIN)).toBe('opened')
  })

  it('changes its PIN without losing what it opens', async () => {
    await lock.call('begin', 'change', PIN)
    expect(await lock.call('changePin', '111111')).toBe('pin_weak')
    expect(await lock.call('changePin', '720416')).toBe('done')
    expect(await lock.call('byPin', PIN)).toBe('pin_wrong 0')
    expect(await lock.call('byPin', '720416')).toBe('opened')
  })

  /** A virtual authenticator that answers at once; gives how to take it away. */
  async function authenticator(hasPrf: boolean): Promise<() => Promise<void>> {
    const session = await lock.page.context().newCDPSession(lock.page)
    await session.send('WebAuthn.enable')
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal' },
        ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
        ...{ automaticPresenceSimulation: true, hasPrf },
      },
    })
    return async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    }
  }
})
