import type {
  AnsweredRequest,
  ConsentDecision,
  HeldWard,
  RequestPreview,
  Wallet,
} from '@netcert/wallet/rules'
import { type Signal, signal } from '@preact/signals'
import { countAct } from '../shell/left-act.js'

/** Where the way from a request to an answer has come to. */
export type PresentStage =
  | { readonly name: 'working'; readonly step: 'reading' | 'answering' }
  /** Nothing has left yet: the citizen is asked. */
  | {
      readonly name: 'asked'
      readonly preview: RequestPreview
      readonly answer: (decision: ConsentDecision) => void
    }
  /** Which child it is about. */
  | {
      readonly name: 'whose'
      readonly wards: readonly HeldWard[]
      readonly choose: (ward: HeldWard | null) => void
    }
  | { readonly name: 'done'; readonly answered: AnsweredRequest }
  /** `wasAnswered`: the citizen had said something to it by then. */
  | { readonly name: 'failed'; readonly error: unknown; readonly wasAnswered: boolean }

/** Whether an answer is being given: the citizen said yes, or no. */
export const isAnswering = (stage: PresentStage): boolean =>
  stage.name === 'working' && stage.step === 'answering'

/** What a request is taken up with. */
export type TakeUpOptions = {
  readonly wallet: Wallet
  readonly request: string
  /** Done before the request is read, whatever comes of it. */
  readonly first?: () => Promise<unknown>
}

/**
 * Takes a request up. Each question of the wallet is put into the signal and waits there for its answer;
 * nothing is sent to the verifier before.
 */
export function takeUpRequest({ wallet, request, first }: TakeUpOptions): Signal<PresentStage> {
  const stage = countAct(signal<PresentStage>({ name: 'working', step: 'reading' }), isAnswering)
  const consent = (preview: RequestPreview) =>
    new Promise<ConsentDecision>((resolve) => {
      const answer = (decision: ConsentDecision) => {
        stage.value = { name: 'working', step: 'answering' }
        resolve(decision)
      }
      stage.value = { name: 'asked', preview, answer }
    })
  const chooseWard = (wards: readonly HeldWard[]) =>
    new Promise<string | null>((resolve) => {
      const choose = (ward: HeldWard | null) => {
        stage.value = { name: 'working', step: 'reading' }
        resolve(ward?.id ?? null)
      }
      stage.value = { name: 'whose', wards, choose }
    })
  const prepared = first?.().catch(() => undefined) ?? Promise.resolve()
  const answering = prepared.then(() => wallet.answerRequest({ request, consent, chooseWard }))
  void answering.then(
    (answered) => {
      stage.value = { name: 'done', answered }
    },
    (error: unknown) => {
      stage.value = { name: 'failed', error, wasAnswered: isAnswering(stage.value) }
    },
  )
  return stage
}
