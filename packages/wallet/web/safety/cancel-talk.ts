import type { CancellationQuestion, Wallet } from '@netcert/wallet/rules'
import type { ErasureReceipt } from '@netcert/protocol'
import { type Signal, signal } from '@preact/signals'
import { countAct } from '../shell/left-act.js'

/** Where leaving an issuer has come to. */
export type CancelStage =
  | { readonly name: 'working'; readonly step: 'reading' | 'sending' }
  /** Nothing was sent yet. */
  | {
      readonly name: 'asked'
      readonly question: CancellationQuestion
      readonly answer: (agreed: boolean) => void
    }
  | { readonly name: 'done'; readonly receipt: ErasureReceipt; readonly address: string }
  | { readonly name: 'failed'; readonly error: unknown }

/** Whether the citizen said the word. */
export const isSending = (stage: CancelStage): boolean =>
  stage.name === 'working' && stage.step === 'sending'

/** The part of a wallet that this asks. */
export type CancellingWallet = { readonly cancellations: Pick<Wallet['cancellations'], 'cancel'> }

/** A way out that is being taken. `leave` says no where nothing was said yet. */
export type CancelTalk = { readonly stage: Signal<CancelStage>; readonly leave: () => void }

/** Begins to leave an issuer. The wallet's question waits in the signal for its answer. */
export function beginCancelling(wallet: CancellingWallet, issuer: string | null): CancelTalk {
  const stage = countAct(signal<CancelStage>({ name: 'working', step: 'reading' }), isSending)
  let isLeft = false
  let address = ''
  const consent = (question: CancellationQuestion) =>
    new Promise<boolean>((resolve) => {
      ;({ address } = question)
      const answer = (agreed: boolean) => {
        stage.value = { name: 'working', step: 'sending' }
        resolve(agreed)
      }
      if (isLeft) resolve(false)
      else stage.value = { name: 'asked', question, answer }
    })
  wallet.cancellations.cancel({ consent, ...(issuer === null ? {} : { issuer }) }).then(
    (receipt) => {
      stage.value = { name: 'done', receipt, address }
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
