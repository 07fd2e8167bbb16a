import type { WardHolding } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Choice } from '../design/choice.js'
import { Button } from '../design/controls.js'
import { Sheet } from '../design/sheet.js'
import { Failed, Working } from '../design/states.js'
import { Means } from '../safety/part-page.js'
import { changed, type Ground } from '../shell/ground.js'
import { familyTexts } from '../texts/family.js'
import { inLanguage } from '../texts/language.js'
import { pauseEnd } from './ward-state.js'
import { childWord } from './child-word.js'

type Days = Parameters<typeof pauseEnd>[0]
type Props = { readonly ground: Ground; readonly holding: WardHolding }
type Step = { readonly name: 'idle' | 'asking' | 'working' } | { name: 'failed'; error: unknown }

/** The pause of everything about a child: what it means, for how long, and the one word. */
export function WardPause({ ground, holding }: Props) {
  const text = inLanguage(familyTexts)
  const step = useSignal<Step>({ name: 'idle' })
  const pause = async (days: Days) => {
    step.value = { name: 'working' }
    try {
      const { id: ward } = holding
      await ground.opened.wallet.wards.pause({ ward, ...pauseEnd(days, ground.clock()) })
      step.value = { name: 'idle' }
      changed(ground)
    } catch (error) {
      step.value = { name: 'failed', error }
    }
  }
  const { value } = step
  return (
    <>
      {value.name === 'failed' ? <Failed error={value.error} /> : null}
      {value.name === 'working' ? <Working testId="pausing">{text.pausing}</Working> : null}
      <div class="actions">
        <Button
          testId="pause-ward"
          look="grave"
          icon="pause"
          disabled={value.name === 'working'}
          onPress={() => (step.value = { name: 'asking' })}
        >
          {text.pause}
        </Button>
      </div>
      {value.name === 'asking' ? (
        <PauseSheet
          name={childWord(holding.label)}
          onNo={() => (step.value = { name: 'idle' })}
          onYes={(days) => void pause(days)}
        />
      ) : null}
    </>
  )
}

function DaysChoice(props: { readonly days: Days; readonly onChoose: (days: Days) => void }) {
  const text = inLanguage(familyTexts)
  return (
    <Choice<Days>
      testId="pause-days"
      label={text.pauseFor}
      value={props.days}
      options={[
        ['1', text.pauseDays['1']],
        ['7', text.pauseDays['7']],
        ['until', text.pauseDays.until],
      ]}
      onChoose={props.onChoose}
    />
  )
}

function PauseSheet(props: {
  readonly name: string
  readonly onNo: () => void
  readonly onYes: (days: Days) => void
}) {
  const text = inLanguage(familyTexts)
  const days = useSignal<Days>('7')
  const isAnswered = useSignal(false)
  return (
    <Sheet
      testId="pause-sheet"
      title={text.pauseTitle(props.name)}
      onClose={() => (isAnswered.value ? undefined : props.onNo())}
    >
      <Means words={text.pauseMeans} />
      <DaysChoice days={days.value} onChoose={(chosen) => (days.value = chosen)} />
      <p class="hint">{text.goOn}</p>
      <div class="actions">
        <Button testId="pause-no" onPress={props.onNo}>
          {text.pauseNo}
        </Button>
        <Button
          testId="pause-yes"
          look="main grave"
          onPress={() => {
            isAnswered.value = true
            props.onYes(days.value)
          }}
        >
          {text.pauseYes}
        </Button>
      </div>
    </Sheet>
  )
}
