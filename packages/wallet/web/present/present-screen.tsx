import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, Notice } from '../design/controls.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { changed, type Ground } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { go, goInstead } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'
import { Consent } from './consent.js'
import { type PresentStage, takeUpRequest } from './present-talk.js'
import { Whose } from './whose.js'

/** From a platform's request to an answer. */
export function PresentScreen({ ground, parameters }: ScreenProps) {
  const talk = useSignal<Signal<PresentStage> | null>(null)
  const { request } = parameters
  useEffect(() => {
    if (request === undefined) return
    talk.value = takeUpRequest(ground.opened.wallet, request)
    // A request is taken up once: going back, or opening the page again, asks nobody again.
    goInstead('present')
  }, [request])
  const { value } = talk
  if (value === null) return <Nothing />
  return <Talk ground={ground} stage={value.value} />
}

function Talk({ ground, stage }: { readonly ground: Ground; readonly stage: PresentStage }) {
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
      return <Consent preview={stage.preview} onAnswer={stage.answer} />
    case 'done':
      return <Done stage={stage} />
    case 'failed':
      return <Failed error={stage.error} />
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

function Failed({ error }: { readonly error: unknown }) {
  const text = inLanguage(presentTexts)
  const sentence = refusalSentence(error)
  return (
    <>
      <h1>{text.failedTitle}</h1>
      <Notice kind="bad" testId="refusal" code={sentence.code}>
        {sentence.text}
      </Notice>
      <div class="actions">
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
