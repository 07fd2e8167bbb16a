import { useSignal } from '@preact/signals'
import { Choice } from '../design/choice.js'
import { Button } from '../design/controls.js'
import { Sheet } from '../design/sheet.js'
import { Failed, Working } from '../design/states.js'
import { changed, type Ground } from '../shell/ground.js'
import { inLanguage } from '../texts/language.js'
import { pauseTexts } from '../texts/pause.js'
import { Means } from './part-page.js'
import { type PauseDays, type PauseEnd, pauseEnd } from './pause-end.js'

type Props = {
  readonly ground: Ground
  readonly testId: string
  readonly label: string
  /** What is asked before it is done, and what it means. */
  readonly title: string
  readonly means: readonly string[]
  /** Asks the issuer. */
  readonly pause: (end: PauseEnd) => Promise<unknown>
}
type Step = { readonly name: 'idle' | 'asking' | 'working' } | { name: 'failed'; error: unknown }

/** A pause: a button, what it means and for how long, one sure word, and what came of it. */
export function PauseAct(props: Props) {
  const text = inLanguage(pauseTexts)
  const { ground } = props
  const step = useSignal<Step>({ name: 'idle' })
  const pause = async (days: PauseDays) => {
    step.value = { name: 'working' }
    try {
      await props.pause(pauseEnd(days, ground.clock()))
      step.value = { name: 'idle' }
    } catch (error) {
      step.value = { name: 'failed', error }
    } finally {
      changed(ground)
    }
  }
  const { value } = step
  return (
    <>
      {value.name === 'failed' ? <Failed error={value.error} /> : null}
      {value.name === 'working' ? <Working testId="pausing">{text.pausing}</Working> : null}
      <PauseButton
        {...props}
        isWorking={value.name === 'working'}
        onPress={() => (step.value = { name: 'asking' })}
      />
      {value.name === 'asking' ? (
        <PauseSheet
          {...props}
          onNo={() => (step.value = { name: 'idle' })}
          onYes={(days) => void pause(days)}
        />
      ) : null}
    </>
  )
}

function PauseButton(props: {
  readonly testId: string
  readonly label: string
  readonly isWorking: boolean
  readonly onPress: () => void
}) {
  const { testId, label, isWorking, onPress } = props
  return (
    <div class="actions">
      <Button testId={testId} look="grave" icon="pause" isBusy={isWorking} onPress={onPress}>
        {label}
      </Button>
    </div>
  )
}

function DaysChoice(props: {
  readonly days: PauseDays
  readonly onChoose: (days: PauseDays) => void
}) {
  const text = inLanguage(pauseTexts)
  return (
    <Choice<PauseDays>
      testId="pause-days"
      label={text.howLong}
      value={props.days}
      options={[
        ['1', text.days['1']],
        ['7', text.days['7']],
        ['until', text.days.until],
      ]}
      onChoose={props.onChoose}
    />
  )
}

function PauseSheet(props: {
  readonly title: string
  readonly means: readonly string[]
  readonly onNo: () => void
  readonly onYes: (days: PauseDays) => void
}) {
  const text = inLanguage(pauseTexts)
  const days = useSignal<PauseDays>('7')
  const isAnswered = useSignal(false)
  return (
    <Sheet
      testId="pause-sheet"
      title={props.title}
      onClose={() => (isAnswered.value ? undefined : props.onNo())}
    >
      <Means words={props.means} />
      <DaysChoice days={days.value} onChoose={(chosen) => (days.value = chosen)} />
      <p class="hint">{text.goOn}</p>
      <div class="actions">
        <Button testId="pause-no" onPress={props.onNo}>
          {text.no}
        </Button>
        <Button
          testId="pause-yes"
          look="main grave"
          settles
          onPress={() => {
            isAnswered.value = true
            props.onYes(days.value)
          }}
        >
          {text.yes}
        </Button>
      </div>
    </Sheet>
  )
}
