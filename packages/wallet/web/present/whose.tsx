import type { HeldWard } from '@netcert/wallet/rules'
import { Button } from '../design/controls.js'
import { childWord } from '../family/child-word.js'
import { inLanguage } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'

/** Asks whom an answer is about, where it could be a child. */
export function Whose(props: {
  readonly wards: readonly HeldWard[]
  readonly onChoice: (ward: HeldWard | null) => void
}) {
  const text = inLanguage(presentTexts)
  return (
    <section data-testid="whose">
      <h1>{text.whoseTitle}</h1>
      <div class="actions">
        {props.wards.map((ward) => (
          <Button
            key={ward.id}
            testId={`whose-${ward.label}`}
            settles
            onPress={() => props.onChoice(ward)}
          >
            {childWord(ward.label)}
          </Button>
        ))}
        <Button testId="whose-own" settles onPress={() => props.onChoice(null)}>
          {text.myself}
        </Button>
      </div>
    </section>
  )
}
