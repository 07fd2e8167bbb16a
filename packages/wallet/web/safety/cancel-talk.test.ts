import type { CancellationQuestion } from '@netcert/wallet/rules'
import { describe, expect, it } from 'vitest'
import { beginCancelling, type CancellingWallet } from './cancel-talk.js'

const question: CancellationQuestion = {
  issuer: 'did:key:issuer',
  address: 'https://issuer.example/cancel',
  certificates: [],
  platforms: [],
}
const refused = Object.assign(new Error('no'), { code: 'consent_refused' })
const settled = () => new Promise((later) => setTimeout(later, 0))

/** A wallet that asks its question, and keeps what it was told. */
function asking(said: boolean[]): CancellingWallet {
  return {
    cancellations: {
      cancel: async ({ consent }) => {
        const agreed = await consent(question)
        said.push(agreed)
        throw refused
      },
    },
  }
}

describe('a cancellation', () => {
  it('waits for the word of the citizen', async () => {
    const said: boolean[] = []
    const { stage } = beginCancelling(asking(said), null)
    await settled()
    const asked = stage.value
    expect(asked).toMatchObject({ name: 'asked', question })
    expect(said).toEqual([])
    if (asked.name === 'asked') asked.answer(true)
    expect(stage.value).toEqual({ name: 'working', step: 'sending' })
    await settled()
    expect(said).toEqual([true])
    expect(stage.value).toEqual({ name: 'failed', error: refused })
  })

  it('is a no when the page is left, before the question and after it', async () => {
    const said: boolean[] = []
    const early = beginCancelling(asking(said), 'did:key:issuer')
    early.leave()
    const late = beginCancelling(asking(said), null)
    await settled()
    late.leave()
    await settled()
    expect(said).toEqual([false, false])
  })
})
