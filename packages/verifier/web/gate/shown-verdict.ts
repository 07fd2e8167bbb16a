import { type ReadonlySignal, signal } from '@preact/signals'
import type { GateVerdict } from '@netcert/verifier/gate'
import { after, type Stop } from '../clock.js'

/** A verdict on the screen; `frame` is when the camera took the picture, null for other readers. */
export type ShownVerdict = { readonly verdict: GateVerdict; readonly frame: number | null }

/** The verdict on the screen, and how it leaves it. */
export type VerdictSlot = {
  readonly verdict: ReadonlySignal<ShownVerdict | null>
  show(next: ShownVerdict): void
  /** Takes the verdict, and what it shows of a person, off the screen. */
  dismiss(): void
}

/** How long a verdict stays without a touch; a code held before the camera keeps it longer. */
export const SHOWN_MILLISECONDS = { green: 2_200, amber: 7_000, red: 6_000 } as const

/** @param onVerdict - Called once for each new verdict, not for repeated frames. */
export function showVerdicts(onVerdict: (verdict: GateVerdict) => void): VerdictSlot {
  const verdict = signal<ShownVerdict | null>(null)
  let stop: Stop = () => undefined
  const dismiss = () => {
    stop()
    verdict.value = null
  }
  return {
    verdict,
    dismiss,
    show(next) {
      stop()
      const { repeated, colour } = next.verdict
      // The same code in the next frame leaves what is on the screen as it is, only longer.
      if (!repeated || verdict.value === null) verdict.value = next
      if (!repeated) onVerdict(next.verdict)
      stop = after(SHOWN_MILLISECONDS[colour], dismiss)
    },
  }
}
