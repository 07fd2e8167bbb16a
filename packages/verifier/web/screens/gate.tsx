import { keepAwake } from '@netcert/page/awake'
import { useEffect } from 'preact/hooks'
import type { GateDesk } from '../gate/gate-desk.js'
import type { Kiosk } from '../kiosk.js'
import { Button } from '../parts/controls.js'
import { Icon } from '../parts/icon.js'
import { numberText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'
import { ChallengeCard } from './challenge-card.js'
import { GateBar } from './gate-bar.js'
import { Reading } from './reading.js'
import { VerdictScreen } from './verdict.js'

type GateScreenProps = { readonly kiosk: Kiosk; readonly onStaff: () => void }

/** The lane at work: its challenge for visitors, the camera, and what staff need to see. */
export function GateScreen({ kiosk, onStaff }: GateScreenProps) {
  useEffect(keepAwake, [])
  useSounds(kiosk)
  const desk = kiosk.desk.value
  const problem = desk?.screen.problem.value ?? kiosk.problem.value
  return (
    <main class="gate" data-testid="gate-screen">
      <GateBar kiosk={kiosk} onStaff={onStaff} />
      {desk === null || problem !== null ? (
        <Closed code={problem ?? 'no_pack'} onStaff={onStaff} />
      ) : (
        <div class="gate-body">
          <ChallengeCard desk={desk} />
          <div class="gate-side">
            <Steps />
            <Reading kiosk={kiosk} desk={desk} />
            <Counts desk={desk} />
          </div>
        </div>
      )}
      {desk === null ? null : <VerdictScreen desk={desk} />}
    </main>
  )
}

/** After a restart browsers wait for a touch or a key; an installed page may sound at once. */
function useSounds({ sounds }: Kiosk): void {
  useEffect(() => {
    const allow = () => void sounds.allow()
    allow()
    const signs = ['pointerdown', 'keydown'] as const
    for (const sign of signs) addEventListener(sign, allow)
    return () => {
      for (const sign of signs) removeEventListener(sign, allow)
    }
  }, [])
}

function Steps() {
  const { visitorStep1, visitorStep2 } = texts.value
  return (
    <ol class="steps">
      <li>{visitorStep1}</li>
      <li>{visitorStep2}</li>
    </ol>
  )
}

function Counts({ desk }: { readonly desk: GateDesk }) {
  const { perMinute, inAll } = texts.value
  const { lastMinute, total } = desk.entries.value
  const rows = [
    ['entries-minute', perMinute, lastMinute],
    ['entries-total', inAll, total],
  ] as const
  return (
    <dl class="counts">
      {rows.map(([testId, name, value]) => (
        <div key={testId}>
          <dt>{name}</dt>
          <dd data-testid={testId} data-count={value}>
            {numberText(value, language.value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Why the gate is shut, and who can do something about it. */
function Closed({ code, onStaff }: { readonly code: string; readonly onStaff: () => void }) {
  const { title, lead } = closedText(code)
  return (
    <div class="closed" data-testid="gate-closed" data-code={code} role="status">
      <Icon name="warning" size={56} />
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      <Button testId="closed-staff" look="main" icon="staff" onPress={onStaff}>
        {texts.value.staff}
      </Button>
    </div>
  )
}

function closedText(code: string): { readonly title: string; readonly lead: string } {
  const t = texts.value
  if (code === 'gate_closed') return { title: t.eventOverTitle, lead: t.eventOverLead }
  if (code === 'no_pack') return { title: t.packMissing, lead: t.packNoneHeld }
  if (code === 'gate_clock_back') return { title: t.noChallenge, lead: t.clockWrong }
  if (code.startsWith('accreditation')) return { title: t.noChallenge, lead: t.accreditationOver }
  return { title: t.noChallenge, lead: t.failedLane }
}
