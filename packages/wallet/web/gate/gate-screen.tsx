import './gate.css'
import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, Notice } from '../design/controls.js'
import { Working } from '../design/states.js'
import { Whose } from '../present/whose.js'
import { changed } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { go, goInstead } from '../shell/place.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage } from '../texts/language.js'
import { GateCode } from './gate-code.js'
import { GateConsent } from './gate-consent.js'
import { GateRefusal } from './gate-refusal.js'
import { GateStart } from './gate-start.js'
import { type GateStage, takeUpChallenge } from './gate-talk.js'
import { IdentityQuestion } from './identity-question.js'
import type { KeptCode } from './kept-code.js'

/** From a gate's challenge to the code for it. */
export function GateScreen({ ground, parameters }: ScreenProps) {
  const talk = useSignal<Signal<GateStage> | null>(null)
  const shown = useSignal<KeptCode | null>(null)
  const { challenge } = parameters
  const { wallet } = ground.opened
  useEffect(() => {
    if (challenge === undefined) return
    talk.value = takeUpChallenge({ wallet, clock: ground.clock, challenge })
    // A challenge is taken up once: going back, or opening the page again, asks nobody again.
    goInstead('gate')
  }, [challenge])
  const close = () => {
    talk.value = null
    shown.value = null
    changed(ground)
  }
  if (shown.value !== null) {
    return <GateCode code={shown.value} isAgain ground={ground} onClose={close} />
  }
  const stage = talk.value?.value ?? null
  return stage === null ? (
    <GateStart ground={ground} onShow={(code) => (shown.value = code)} />
  ) : (
    <Talk ground={ground} stage={stage} onClose={close} />
  )
}

type TalkProps = Pick<ScreenProps, 'ground'> & {
  readonly stage: GateStage
  readonly onClose: () => void
}

function Talk({ ground, stage, onClose }: TalkProps) {
  const text = inLanguage(gateTexts)
  switch (stage.name) {
    case 'working':
      return (
        <Working testId="working">{stage.step === 'reading' ? text.reading : text.making}</Working>
      )
    case 'whose':
      return <Whose wards={stage.wards} onChoice={stage.choose} />
    case 'asked':
      return stage.preview.state === 'needs_identity_consent' ? (
        <IdentityQuestion ground={ground} preview={stage.preview} onAnswer={stage.answer} />
      ) : (
        <GateConsent ground={ground} asked={stage} />
      )
    case 'code':
      return (
        <GateCode code={stage.code} isAgain={stage.isAgain} ground={ground} onClose={onClose} />
      )
    case 'failed':
      return <GateRefusal ground={ground} error={stage.error} preview={stage.preview} />
    case 'late':
    case 'declined':
      return <NothingUsed why={stage.name} />
  }
}

function NothingUsed({ why }: { readonly why: 'late' | 'declined' }) {
  const text = inLanguage(gateTexts)
  const isLate = why === 'late'
  return (
    <section class="gate-end" data-testid={`gate-${why}`}>
      <h1>{isLate ? text.lateTitle : text.declinedTitle}</h1>
      <Notice>{isLate ? text.lateLead : text.declinedLead}</Notice>
      <div class="actions">
        <Button testId="scan-again" look="main" icon="scan" onPress={() => go('scan')}>
          {text.scanAgain}
        </Button>
        <Button testId="gate-home" onPress={() => go('home')}>
          {text.home}
        </Button>
      </div>
    </section>
  )
}
