import { after, type Stop } from '@netcert/page/clock'
import { type ReadonlySignal, signal } from '@preact/signals'
import type { GateVerdict } from '@netcert/verifier/gate'

/** A verdict on the screen; `frame` is when the camera took the picture, null for other readers. */
export type ShownVerdict = { readonly verdict: GateVerdict; readonly frame: number | null }

/** The verdict on the screen, and how it leaves it. */
export type VerdictSlot = {
  readonly verdict: ReadonlySignal<ShownVerdict | null>
  /** The code of the last verdict is still, or again, before the camera. */
  readonly again: ReadonlySignal<boolean>
  /**
   * Shows a verdict. One that is `repeated` neither opens the screen again nor keeps it longer: who
   * holds up a copy right behind the first would be shown a second green.
   */
  show(next: ShownVerdict): void
  /** Takes the verdict, and what it shows of a person, off the screen. */
  dismiss(): void
}

/** How long a verdict stays without a touch. */
export const SHOWN_MILLISECONDS = { green: 2_200, amber: 7_000, red: 6_000 } as const
const AGAIN_MILLISECONDS = 1_500

/** @param onVerdict - Called once for each new verdict, not for repeated frames. */
export function showVerdicts(onVerdict: (verdict: GateVerdict) => void): VerdictSlot {
  const verdict = signal<ShownVerdict | null>(null)
  const again = signal(false)
  let stop: Stop = () => undefined
  let stopAgain: Stop = () => undefined
  const dismiss = () => {
    stop()
    verdict.value = null
  }
  return {
    verdict,
    dismiss,
    again,
    show(next) {
      again.value = next.verdict.repeated
      if (next.verdict.repeated) {
        stopAgain()
        stopAgain = after(AGAIN_MILLISECONDS, () => (again.value = false))
        return
      }
      stop()
      verdict.value = next
      onVerdict(next.verdict)
      stop = after(SHOWN_MILLISECONDS[next.verdict.colour], dismiss)
    },
  }
}
