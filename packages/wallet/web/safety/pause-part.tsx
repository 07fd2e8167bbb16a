import { Notice, Section } from '../design/controls.js'
import { pausedWord } from '../certificates/paused-word.js'
import type { Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage } from '../texts/language.js'
import { pauseTexts } from '../texts/pause.js'
import { safetyTexts } from '../texts/safety.js'
import { Means, PartPage } from './part-page.js'
import { PauseAct } from './pause-act.js'
import { RevocationLink } from './revocation-link.js'

/** Pausing everything: what stands, what it means, from here, and by the code on paper. */
export function PausePart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { pause } = text
  return (
    <PartPage testId="pause" title={text.parts.pause} lead={pause.lead}>
      <Pausing ground={ground} />
      <Section title={pause.meansTitle}>
        <Means words={pause.means} />
      </Section>
      <Section title={pause.howTitle} lead={pause.how}>
        <RevocationLink ground={ground} />
      </Section>
      <p class="hint">{pause.one}</p>
    </PartPage>
  )
}

function Pausing({ ground }: { readonly ground: Ground }) {
  const { own } = inLanguage(pauseTexts)
  const { wallet } = ground.opened
  const standing = useLoaded(ground, () => wallet.pauses())
  const pauses = standing.state === 'there' ? standing.value : []
  // What has no end cannot be made longer.
  const isOpen = pauses.length > 0 && pauses.every(({ until }) => until === null)
  return (
    <>
      {pauses.map(({ issuer, until }) => (
        <Notice key={issuer} kind="warn" icon="pause" testId="paused">
          {pausedWord({ by: 'citizen', until })}
        </Notice>
      ))}
      {isOpen ? null : (
        <PauseAct
          ground={ground}
          testId="pause-own"
          label={pauses.length === 0 ? own.button : own.longer}
          title={own.title}
          means={own.sure}
          pause={(end) => wallet.pause(end)}
        />
      )}
    </>
  )
}
