import { type Signal, signal } from '@preact/signals'
import type { OfferOutcome, OfferQuestion, ReceivedOffer, Wallet } from '@netcert/wallet/rules'
import { countAct } from '../shell/left-act.js'

/** Where the way from an offer to a certificate has come to. */
export type OfferStage =
  | { readonly name: 'asked'; readonly question: OfferQuestion; readonly answer: Answer }
  | { readonly name: 'working'; readonly step: 'reading' | 'fetching' }
  | { readonly name: 'signing-in'; readonly url: string }
  | { readonly name: 'done'; readonly received: ReceivedOffer }
  /** `wasFetching`: the citizen had said yes; a code may be spent by then. */
  | { readonly name: 'failed'; readonly error: unknown; readonly wasFetching: boolean }

/** What the citizen says to a question; with the code that reached them, where one is needed. */
export type Answer = (agreed: boolean, code?: string) => void

/** Whether certificates are being fetched: the citizen said yes to that. */
export const isFetching = (stage: OfferStage): boolean =>
  stage.name === 'working' && stage.step === 'fetching'

/** Where a browser comes back to after a sign-in: this page. */
export const returnAddress = (): string => location.origin + location.pathname

/**
 * Takes an offer up. Nothing is asked of anybody before the citizen said yes to asking them; each stage
 * is put into the signal.
 */
export function takeUpOffer(wallet: Wallet, offer: string): Signal<OfferStage> {
  const stage = countAct(signal<OfferStage>({ name: 'working', step: 'reading' }), isFetching)
  let code = ''
  const consent = (question: OfferQuestion) =>
    new Promise<boolean>((resolve) => {
      const answer: Answer = (agreed, given = '') => {
        code = given.trim()
        stage.value = {
          name: 'working',
          step: question.kind === 'receive' ? 'fetching' : 'reading',
        }
        resolve(agreed)
      }
      stage.value = { name: 'asked', question, answer }
    })
  const taking = wallet.receiveOffer({
    ...{ offer, consent, redirectUri: returnAddress() },
    txCode: () => code,
  })
  void settle(stage, taking)
  return stage
}

/** Goes on after a sign-in, with the address the browser came back to. */
export function finishSignIn(wallet: Wallet, redirect: string): Signal<OfferStage> {
  const stage = countAct(signal<OfferStage>({ name: 'working', step: 'fetching' }), isFetching)
  void settle(stage, wallet.continueOffer({ redirect }))
  return stage
}

async function settle(stage: Signal<OfferStage>, taking: Promise<OfferOutcome>): Promise<void> {
  try {
    const outcome = await taking
    stage.value =
      outcome.kind === 'sign-in'
        ? { name: 'signing-in', url: outcome.url }
        : { name: 'done', received: outcome }
  } catch (error) {
    stage.value = { name: 'failed', error, wasFetching: isFetching(stage.value) }
  }
}
