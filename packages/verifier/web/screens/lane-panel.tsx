import { now } from '@netcert/page/clock'
import { useState } from 'preact/hooks'
import type { Kiosk } from '../kiosk.js'
import { Facts, Section } from '../parts/controls.js'
import { SureButton } from '../parts/sure-button.js'
import { useWorking } from '../parts/working.js'
import { whenText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'

const HOUR_SECONDS = 3_600

/** What this lane asks and takes, and the way to remove it from the device. */
export function LanePanel({
  kiosk,
  onRemoved,
}: {
  readonly kiosk: Kiosk
  readonly onRemoved: () => void
}) {
  const { tabLane, laneRemove, laneRemoveLead, laneRemoveSure } = texts.value
  const { run } = useWorking()
  return (
    <>
      <Section title={tabLane}>
        <LaneFacts kiosk={kiosk} />
      </Section>
      <Section title={laneRemove} lead={laneRemoveLead}>
        <SureButton
          testId="lane-remove"
          word={laneRemove}
          question={laneRemoveSure}
          onSure={() =>
            run(async () => {
              await kiosk.removeAll()
              onRemoved()
            })
          }
        />
      </Section>
    </>
  )
}

function LaneFacts({ kiosk }: { readonly kiosk: Kiosk }) {
  const [at] = useState(now)
  const lane = kiosk.lane.value?.lane
  if (lane === undefined) return null
  const t = texts.value
  const { venue, event, gate, kind, poster, paper, freshness } = lane
  const stale = { refuse: t.staleRefuse, accept: t.staleAccept, flag: t.staleFlag }[freshness.stale]
  const hours = String(Math.round(freshness.graceSeconds / HOUR_SECONDS))
  return (
    <Facts
      rows={[
        [t.event, `${venue[language.value]} · ${event.name[language.value]}`],
        [t.tabLane, t.gateAndLane(gate, lane.lane)],
        [t.laneKind, kind === 'fact' ? t.laneFact : t.laneTicket],
        [t.laneTakes, t.laneTakesText(poster, paper)],
        [t.lanePolicy, t.lanePolicyText(hours, stale)],
        [t.laneEnds, whenText(event.endsAt, at, language.value)],
      ]}
    />
  )
}
