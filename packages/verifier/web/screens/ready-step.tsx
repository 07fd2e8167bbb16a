import { useEffect, useState } from 'preact/hooks'
import { keepForGood } from '../keeping/database.js'
import { Button, Facts } from '../parts/controls.js'
import { Icon } from '../parts/icon.js'
import { StepHead, type StepProps } from '../parts/step.js'
import { language, texts } from '../texts/language.js'

/** What was set up, whether the browser keeps it, and the way to the gate. */
export function ReadyStep({ kiosk, onDone }: StepProps) {
  const { readyTitle, readyLead, startGate, event, tabLane, gateAndLane } = texts.value
  const lane = kiosk.lane.value?.lane
  const start = () => {
    // The first touch is what lets the page make sounds.
    void kiosk.sounds.allow()
    onDone()
  }
  return (
    <div>
      <StepHead title={readyTitle} lead={readyLead} />
      {lane === undefined ? null : (
        <Facts
          rows={[
            [event, `${lane.venue[language.value]} · ${lane.event.name[language.value]}`],
            [tabLane, gateAndLane(lane.gate, lane.lane)],
          ]}
        />
      )}
      <Keeping />
      <div class="actions">
        <Button testId="start-gate" look="main" onPress={start}>
          {startGate}
        </Button>
      </div>
    </div>
  )
}

/** Whether the browser keeps the data, in a clear word. */
export function Keeping() {
  const [kept, setKept] = useState<'kept' | 'refused' | 'unknown' | null>(null)
  useEffect(() => {
    void keepForGood().then(setKept)
  }, [])
  const { keptForGood, keptRefused, keptUnknown } = texts.value
  if (kept === null) return null
  const text = { kept: keptForGood, refused: keptRefused, unknown: keptUnknown }[kept]
  return (
    <p class={kept === 'kept' ? 'note good' : 'note warn'} data-testid="keeping" data-kept={kept}>
      <Icon name={kept === 'kept' ? 'check' : 'warning'} />
      <span>{text}</span>
    </p>
  )
}
