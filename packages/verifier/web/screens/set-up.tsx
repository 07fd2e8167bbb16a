import { useState } from 'preact/hooks'
import type { Kiosk } from '../kiosk.js'
import { Icon } from '../parts/icon.js'
import { texts } from '../texts/language.js'
import { LanguageSwitch } from '../parts/language-switch.js'
import { LaneStep } from './lane-step.js'
import { PackStep } from './pack-step.js'
import { PinStep } from './pin-step.js'
import { ReadyStep } from './ready-step.js'

const steps = ['lane', 'pin', 'pack', 'ready'] as const
type Step = (typeof steps)[number]

/** Sets a lane up: its file, a PIN, a pack. What was done before a restart is not asked again. */
export function SetUp({ kiosk, onDone }: { readonly kiosk: Kiosk; readonly onDone: () => void }) {
  const [step, setStep] = useState<Step>(() => firstStep(kiosk))
  const next = () => setStep(firstStep(kiosk))
  const { setUpTitle, setUpLead, appName } = texts.value
  return (
    <main class="set-up" data-testid="set-up" data-step={step}>
      <header class="set-up-head">
        <span class="brand">
          <Mark /> {appName}
        </span>
        <LanguageSwitch kiosk={kiosk} />
      </header>
      <div class="set-up-body">
        <div class="set-up-title">
          <h1>{setUpTitle}</h1>
          <p class="lead">{setUpLead}</p>
          <Progress step={step} />
        </div>
        <div class="card">
          {step === 'lane' ? <LaneStep kiosk={kiosk} onDone={next} /> : null}
          {step === 'pin' ? <PinStep kiosk={kiosk} onDone={next} /> : null}
          {step === 'pack' ? <PackStep kiosk={kiosk} onDone={() => setStep('ready')} /> : null}
          {step === 'ready' ? <ReadyStep kiosk={kiosk} onDone={onDone} /> : null}
        </div>
      </div>
    </main>
  )
}

function firstStep({ lane, pin, held }: Kiosk): Step {
  if (lane.value === null) return 'lane'
  if (pin.value === null) return 'pin'
  return held.value === null ? 'pack' : 'ready'
}

function Progress({ step }: { readonly step: Step }) {
  const at = steps.indexOf(step)
  const { laneTitle, pinTitle, packTitle, readyTitle } = texts.value
  const titles = [laneTitle, pinTitle, packTitle, readyTitle]
  return (
    <ol class="progress" aria-label={texts.value.step(at + 1, steps.length)}>
      {titles.map((title, index) => (
        <li
          key={title}
          class={index < at ? 'done' : index === at ? 'now' : ''}
          aria-current={index === at ? 'step' : undefined}
        >
          <span class="dot">{index < at ? <Icon name="check" size={16} /> : index + 1}</span>
          <span class="progress-title">{title}</span>
        </li>
      ))}
    </ol>
  )
}

/** The page's own sign: a gate, open. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect x="1" y="1" width="30" height="30" rx="8" class="mark-ground" />
      <path
        d="M9 25V11.5A3.5 3.5 0 0 1 12.500 8h7A3.5 3.500 0 0 1 23 11.500V25"
        class="mark-line"
      />
      <path d="M12.500 17.300l2.700 2.700 4.800-5.200" class="mark-line" />
    </svg>
  )
}
