import type { VouchingQuestion, Wallet } from '@netcert/wallet/rules'
import { type Signal, signal } from '@preact/signals'

/** Where the way from a link to a word for somebody has come to. */
export type VouchStage =
  | { readonly name: 'working'; readonly step: 'reading' | 'signing' }
  /** Nothing was signed yet. */
  | {
      readonly name: 'asked'
      readonly question: VouchingQuestion
      readonly answer: (agreed: boolean) => void
    }
  | {
      readonly name: 'done'
      readonly kind: VouchingQuestion['kind']
      /** To be handed over by the people. */
      readonly presentation: string
    }
  | { readonly name: 'failed'; readonly error: unknown }

/** The part of a wallet that this asks. */
export type VouchingWallet = { readonly vouching: Pick<Wallet['vouching'], 'vouch'> }

/** A link that is being answered. `leave` says no where nothing was said yet. */
export type VouchTalk = { readonly stage: Signal<VouchStage>; readonly leave: () => void }

/** Takes up a link of an issuer. The wallet's question waits in the signal for its answer. */
export function takeUpLink(wallet: VouchingWallet, link: string): VouchTalk {
  const stage = signal<VouchStage>({ name: 'working', step: 'reading' })
  let kind: VouchingQuestion['kind'] = 'contact'
  let isLeft = false
  const consent = (question: VouchingQuestion) =>
    new Promise<boolean>((resolve) => {
      ;({ kind } = question)
      const answer = (agreed: boolean) => {
        stage.value = { name: 'working', step: 'signing' }
        resolve(agreed)
      }
      if (isLeft) resolve(false)
      else stage.value = { name: 'asked', question, answer }
    })
  wallet.vouching.vouch({ link, consent }).then(
    (presentation) => {
      stage.value = { name: 'done', kind, presentation }
    },
    (error: unknown) => {
      stage.value = { name: 'failed', error }
    },
  )
  const leave = () => {
    isLeft = true
    if (stage.value.name === 'asked') stage.value.answer(false)
  }
  return { stage, leave }
}
