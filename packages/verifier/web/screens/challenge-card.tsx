import { every, now } from '@netcert/page/clock'
import { useEffect, useState } from 'preact/hooks'
import type { GateDesk } from '../gate/gate-desk.js'
import { texts } from '../texts/language.js'

const TICK_MILLISECONDS = 250

/** The challenge, as large as the screen allows; it changes in its place, and nothing moves. */
export function ChallengeCard({ desk }: { readonly desk: GateDesk }) {
  const challenge = desk.screen.challenge.value
  const { challengeLabel } = texts.value
  return (
    <div class="challenge">
      <figure class="challenge-card" style={sizes(challenge?.size ?? 1)}>
        {challenge === null ? (
          <div class="challenge-empty" />
        ) : (
          <svg
            class="qr"
            data-testid="challenge"
            data-text={challenge.text}
            data-version={challenge.version}
            viewBox={`0 0 ${challenge.size} ${challenge.size}`}
            role="img"
            aria-label={challengeLabel}
            shape-rendering="crispEdges"
          >
            <path d={challenge.path} />
          </svg>
        )}
        <figcaption>
          <Countdown desk={desk} />
        </figcaption>
      </figure>
    </div>
  )
}

/** How many modules there are, and pixels of the screen in one of the style sheet. */
function sizes(modules: number) {
  return { '--modules': String(modules), '--dots': String(devicePixelRatio) }
}

function Countdown({ desk }: { readonly desk: GateDesk }) {
  const [at, setAt] = useState(now)
  useEffect(() => every(TICK_MILLISECONDS, () => setAt(now())), [])
  const challenge = desk.screen.challenge.value
  if (challenge === null) return null
  const { shownAt, validUntil } = challenge
  const left = Math.max(0, validUntil.getTime() - at.getTime())
  const whole = Math.max(1, validUntil.getTime() - shownAt.getTime())
  const seconds = Math.ceil(left / 1000)
  return (
    <>
      <span class="countdown-bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${Math.min(1, left / whole)})` }} />
      </span>
      <span class="countdown" data-testid="countdown" data-seconds={seconds}>
        {texts.value.changesIn(seconds)}
      </span>
    </>
  )
}
