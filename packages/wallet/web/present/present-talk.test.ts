import type { Wallet } from '@netcert/wallet/rules'
import { describe, expect, it } from 'vitest'
import { takeUpRequest } from './present-talk.js'

/** A wallet that notes when a request reaches it, and finds that its lists have ended. */
function wallet(order: string[]): Wallet {
  const over = Object.assign(new Error('over'), { code: 'trust_list_expired' })
  const answerRequest = async ({ request }: { readonly request: string }) => {
    order.push(request)
    throw over
  }
  return { answerRequest } as unknown as Wallet
}

describe('a request that is taken up', () => {
  it.each([
    ['came to something', async () => 'copied'],
    ['came to nothing', async () => Promise.reject(new TypeError('no network'))],
  ])('is read after what was to be done first, which %s', async (_how, work) => {
    const order: string[] = []
    const first = () => {
      order.push('lists')
      return work()
    }
    const stage = takeUpRequest({ wallet: wallet(order), request: 'request', first })
    expect(stage.value).toEqual({ name: 'working', step: 'reading' })
    await expect.poll(() => stage.value.name).toBe('failed')
    expect(order).toEqual(['lists', 'request'])
  })
})
