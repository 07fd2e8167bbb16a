import { Button } from '../parts/controls.js'
import { PackImport } from '../parts/pack-import.js'
import { StepHead, type StepProps } from '../parts/step.js'
import { texts } from '../texts/language.js'

/** The first pack; without one the gate refuses everybody, and says so. */
export function PackStep({ kiosk, onDone }: StepProps) {
  const { packTitle, packLead, packLater, next } = texts.value
  const isThere = kiosk.held.value !== null
  return (
    <div>
      <StepHead title={packTitle} lead={packLead} />
      <PackImport kiosk={kiosk} />
      <div class="actions">
        <Button testId="pack-next" look={isThere ? 'main' : 'plain'} onPress={onDone}>
          {isThere ? next : packLater}
        </Button>
      </div>
    </div>
  )
}
