import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, Notice } from '../design/controls.js'
import { Refusal } from '../design/refusal.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { changed, type Ground } from '../shell/ground.js'
import { useLeftAct, type Word } from '../shell/left-act.js'
import type { ScreenProps } from '../shell/opened.js'
import { go, goInstead } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'
import { shellTexts } from '../texts/shell.js'
import { Consent } from './consent.js'
import { isAnswering, type PresentStage, takeUpRequest } from './present-talk.js'
import { Whose } from './whose.js'

/** From a platform's request to an answer. */
export function PresentScreen({ ground, parameters }: ScreenProps) {
  const talk = useSignal<Signal<PresentStage> | null>(null)
  const taken = useSignal('')
  const { request } = parameters
  const { wallet, copies } = ground.opened
  const take = (given: string) => {
    taken.value = given
    talk.value = takeUpRequest({ wallet, request: given })
  }
  const again = () => {
    // Lists are copied by a schedule, which is quiet while something is shown: whoever says so has them now.
    const first = isListOver(talk.value?.value) ? copies.refresh : async () => undefined
    talk.value = takeUpRequest({ wallet, request: taken.value, first })
  }
  useLeftAct(ground, () => talk.value, { isUnderWay: isAnswering, wordOf })
  useEffect(() => {
    if (request === undefined) return
    take(request)
    // A request is taken up once: going back, or opening the page again, asks nobody again.
    goInstead('present')
  }, [request])
  const { value } = talk
  if (value === null) return <Nothing />
  return <Talk ground={ground} stage={value.value} onAgain={again} />
}

function isListOver(stage: PresentStage | undefined): boolean {
  return stage?.name === 'failed' && refusalSentence(stage.error).code.startsWith('trust_list_')
}

function wordOf(stage: PresentStage): Word | null {
  if (stage.name === 'failed') return { text: refusalSentence(stage.error).text, kind: 'bad' }
  return stage.name === 'done' ? { text: inLanguage(presentTexts).doneTitle, kind: 'good' } : null
}

function Talk(props: {
  readonly ground: Ground
  readonly stage: PresentStage
  readonly onAgain: () => void
}) {
  const { ground, stage, onAgain } = props
  const text = inLanguage(presentTexts)
  useEffect(() => {
    if (stage.name === 'done' || stage.name === 'failed') changed(ground)
  }, [stage.name])
  switch (stage.name) {
    case 'working':
      return (
        <p class="working" role="status" data-testid="working" data-step={stage.step}>
          {stage.step === 'reading' ? text.reading : text.answering}
        </p>
      )
    case 'whose':
      return <Whose wards={stage.wards} onChoice={stage.choose} />
    case 'asked':
      return <Consent ground={ground} preview={stage.preview} onAnswer={stage.answer} />
    case 'done':
      return <Done stage={stage} />
    case 'failed':
      return <Failed error={stage.error} {...(stage.wasAnswered ? {} : { onAgain })} />
  }
}

function Done({ stage }: { readonly stage: Extract<PresentStage, { name: 'done' }> }) {
  const text = inLanguage(presentTexts)
  const { redirectUri, receipt } = stage.answered
  return (
    <div data-testid="presented">
      <h1>{text.doneTitle}</h1>
      <Notice kind="good" testId="presented-good">
        {receipt === null ? text.doneWithoutReceipt : text.receipts[receipt]}
      </Notice>
      {redirectUri === null ? null : <p class="lead">{text.goingBack}</p>}
      <div class="actions">
        <Button testId="presented-history" look="main" onPress={() => go('history')}>
          {text.seeHistory}
        </Button>
        <Button testId="presented-home" onPress={() => go('home')}>
          {text.home}
        </Button>
      </div>
    </div>
  )
}

/** `onAgain`: nothing was said yet, so the same request may be read once more. */
function Failed(props: { readonly error: unknown; readonly onAgain?: () => void }) {
  const { error, onAgain } = props
  const text = inLanguage(presentTexts)
  const sentence = refusalSentence(error)
  // What left, or may have left, is in the history.
  const titles: Readonly<Record<string, string>> = text.failedTitles
  const title = Object.hasOwn(titles, sentence.code) ? titles[sentence.code] : undefined
  return (
    <>
      <h1>{title ?? text.failedTitle}</h1>
      <Refusal {...sentence} />
      <div class="actions">
        {onAgain === undefined ? null : (
          <Button testId="again" onPress={onAgain}>
            {inLanguage(shellTexts).again}
          </Button>
        )}
        {title === undefined ? null : (
          <Button testId="refused-history" onPress={() => go('history')}>
            {text.seeHistory}
          </Button>
        )}
        <Button testId="refused-home" onPress={() => go('home')}>
          {text.home}
        </Button>
      </div>
    </>
  )
}

function Nothing() {
  const text = inLanguage(presentTexts)
  return (
    <>
      <h1>{text.nothingTitle}</h1>
      <p class="lead">{text.nothingLead}</p>
      <div class="actions">
        <Button testId="scan-request" look="main" icon="scan" onPress={() => go('scan')}>
          {text.scan}
        </Button>
      </div>
    </>
  )
}
