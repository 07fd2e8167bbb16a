import './safety.css'
import type { ComponentType } from 'preact'
import { Section } from '../design/controls.js'
import type { IconName } from '../design/icon.js'
import { RowLink, Rows } from '../design/rows.js'
import type { Ground } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { addressOf } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage } from '../texts/language.js'
import { safetyTexts } from '../texts/safety.js'
import { ArrivePart } from './arrive-part.js'
import { CancelPart } from './cancel-part.js'
import { ErasePart } from './erase-part.js'
import { LostPart } from './lost-part.js'
import { MovePart } from './move-part.js'
import { PausePart } from './pause-part.js'
import { ReceiptsPart } from './receipts-part.js'

/** What each part is given. */
type PartProps = { readonly ground: Ground }

const parts: Readonly<Record<string, ComponentType<PartProps>>> = {
  lost: LostPart,
  pause: PausePart,
  move: MovePart,
  arrive: ArrivePart,
  cancel: CancelPart,
  receipts: ReceiptsPart,
  erase: ErasePart,
}

/** Pausing, leaving, moving: `#/safety`, and each by itself, as `#/safety?part=move`. */
export function SafetyScreen({ ground, parameters }: ScreenProps) {
  const { part = '' } = parameters
  const Part = Object.hasOwn(parts, part) ? parts[part] : undefined
  return Part === undefined ? <Choices ground={ground} /> : <Part key={part} ground={ground} />
}

function Choices({ ground }: PartProps) {
  const text = inLanguage(safetyTexts)
  const receipts = useLoaded(ground, () => ground.opened.wallet.cancellations.receipts())
  const count = receipts.state === 'there' ? receipts.value.length : 0
  return (
    <div data-testid="safety">
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      <Section title={text.urgent}>
        <Rows>
          <PartRow part="lost" icon="warning" />
          <PartRow part="pause" icon="pause" />
        </Rows>
      </Section>
      <Section title={text.planned}>
        <Rows>
          <PartRow part="move" icon="download" />
          <PartRow part="arrive" icon="file" />
          <PartRow part="cancel" icon="cross" />
          {count === 0 ? null : (
            <RowLink
              testId="part-receipts"
              icon="check"
              href={addressOf('safety', { part: 'receipts' })}
              title={text.parts.receipts}
              end={text.notes.receipts(count)}
            />
          )}
          <PartRow part="erase" icon="erase" />
        </Rows>
      </Section>
    </div>
  )
}

type NotedPart = Exclude<keyof (typeof safetyTexts)['en']['notes'], 'receipts'>

function PartRow({ part, icon }: { readonly part: NotedPart; readonly icon: IconName }) {
  const text = inLanguage(safetyTexts)
  return (
    <RowLink
      testId={`part-${part}`}
      icon={icon}
      href={addressOf('safety', { part })}
      title={text.parts[part]}
      note={text.notes[part]}
    />
  )
}
