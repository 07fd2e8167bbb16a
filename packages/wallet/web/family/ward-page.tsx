import '../safety/safety.css'
import type { WardHolding } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { typeName } from '../certificates/type-name.js'
import { Button, Facts, Field, Notice, Section } from '../design/controls.js'
import { Refusal } from '../design/refusal.js'
import { Row, Rows } from '../design/rows.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { issuerWord } from '../safety/issuer-word.js'
import { Means } from '../safety/part-page.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { familyTexts } from '../texts/family.js'
import { inLanguage, language } from '../texts/language.js'
import { dayWord } from '../texts/spoken-dates.js'
import { birthdayWord } from './birthday-word.js'
import { childWord } from './child-word.js'
import { WardPause } from './ward-pause.js'
import { wardState } from './ward-state.js'
import { wardWord } from './ward-word.js'

type Props = { readonly ground: Ground; readonly holding: WardHolding }

/** One child: what is held, when it is handed over, what the citizen calls them, and the pause. */
export function WardPage({ ground, holding }: Props) {
  const text = inLanguage(familyTexts)
  const state = wardState(holding)
  return (
    <div data-testid="ward" data-state={state}>
      <h1>{childWord(holding.label)}</h1>
      <p class="lead">{text.states[state]}</p>
      <Paused holding={holding} />
      <Held ground={ground} holding={holding} />
      <HandOver holding={holding} />
      <Called key={holding.label} ground={ground} holding={holding} />
      {state === 'ended' ? null : <WardPause ground={ground} holding={holding} />}
    </div>
  )
}

function Paused({ holding: { pause } }: Pick<Props, 'holding'>) {
  const text = inLanguage(familyTexts)
  if (pause === null) return null
  return (
    <Notice kind="warn" testId="ward-paused">
      {pause.until === null
        ? text.pausedOpen(dayWord(pause.since))
        : text.pausedUntil(dayWord(pause.until))}
    </Notice>
  )
}

function Held({ ground, holding }: Props) {
  const text = inLanguage(familyTexts)
  const { certificates, issuer } = holding
  const state = wardState(holding)
  if (state === 'ended') return null
  const shown = certificates.filter(({ remaining }) => remaining > 0)
  return (
    <Section title={text.certificates}>
      {shown.length === 0 ? (
        <p class="lead">{text.fetchedWhenNeeded}</p>
      ) : (
        <Rows testId="ward-certificates">
          {shown.map(({ id, vct, expiresAt }) => (
            <Row key={id} icon="card" title={typeName(vct)} note={text.until(dayWord(expiresAt))} />
          ))}
        </Rows>
      )}
      <div class="panel">
        <Facts rows={[[text.issuer, issuerWord(ground, issuer)]]} />
      </div>
    </Section>
  )
}

function HandOver({ holding }: Pick<Props, 'holding'>) {
  const text = inLanguage(familyTexts)
  const state = wardState(holding)
  const { ownFrom } = holding
  if (state === 'ended') {
    return (
      <Section title={text.handOver}>
        <Means words={text.ended} />
      </Section>
    )
  }
  const isYoung = state === 'ward'
  const day = ownFrom === null ? null : text.fourteenAt(birthdayWord(ownFrom, language.value))
  return (
    <Section title={text.handOver}>
      <div class="panel" data-testid="hand-over">
        {isYoung && day === null ? null : <h3>{isYoung ? day : text.eighteenTitle}</h3>}
        <Means words={isYoung ? text.fourteen : text.eighteen} />
      </div>
    </Section>
  )
}

function Called({ ground, holding }: Props) {
  const text = inLanguage(familyTexts)
  const { id, label } = holding
  const typed = useSignal(wardWord(label, () => ''))
  const error = useSignal<unknown>(null)
  const save = async () => {
    try {
      await ground.opened.wallet.wards.rename(id, typed.value.trim())
      say(text.labelSaved)
      changed(ground)
    } catch (refused) {
      error.value = refused
    }
  }
  const submit = (event: Event) => {
    event.preventDefault()
    error.value = null
    void save()
  }
  return (
    <form onSubmit={submit}>
      <Field
        testId="ward-label"
        label={text.label}
        hint={text.labelHint}
        value={typed.value}
        onChange={(value) => (typed.value = value)}
      />
      {error.value === null ? null : <Refusal {...refusalSentence(error.value)} />}
      <div class="actions">
        <Button testId="save-label" submits disabled={typed.value.trim() === ''}>
          {text.saveLabel}
        </Button>
      </div>
    </form>
  )
}
