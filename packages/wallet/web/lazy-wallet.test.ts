import { describe, expect, it } from 'vitest'
import type { Wallet } from '@netcert/wallet/rules'
import { walletWhenAsked } from './lazy-wallet.js'

/** A wallet of which two acts are there, and how often its rules were asked for. */
function front() {
  const asked = { times: 0 }
  const whole = {
    pollDeferred: async () => ['polled'],
    wards: { rename: async (which: string, label: string) => ({ which, label }) },
  } as unknown as Wallet
  const load = async () => {
    asked.times += 1
    return whole
  }
  const wallet = walletWhenAsked(load, { list: async () => [], remaining: async () => [] })
  return { asked, wallet }
}

describe('a wallet whose rules come when they are asked for', () => {
  it('lists what it holds without them', async () => {
    const { asked, wallet } = front()
    expect(await wallet.list()).toEqual([])
    expect(await wallet.remaining()).toEqual([])
    expect(asked.times).toBe(0)
  })

  it('hands an act on with what was given, alone or of a group', async () => {
    const { asked, wallet } = front()
    expect(await wallet.pollDeferred()).toEqual(['polled'])
    expect(await wallet.wards.rename('w', '小明')).toEqual({ which: 'w', label: '小明' })
    expect(asked.times).toBe(2)
  })

  it('is no promise, and neither are its groups', async () => {
    const { asked, wallet } = front()
    expect(await Promise.resolve(wallet)).toBe(wallet)
    await Promise.resolve(wallet.wards)
    expect(asked.times).toBe(0)
  })

  it('refuses what no wallet knows', async () => {
    const { wallet } = front()
    const strange = wallet as unknown as Record<string, () => Promise<unknown>>
    await expect(strange['fly']?.()).rejects.toThrow(TypeError)
  })

  it('tells whoever asked that the rules did not come', async () => {
    const gone = walletWhenAsked(
      async () => {
        throw new TypeError('not to be had')
      },
      { list: async () => [], remaining: async () => [] },
    )
    await expect(gone.refill()).rejects.toThrow('not to be had')
  })
})
