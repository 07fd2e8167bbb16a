import { every } from '@netcert/page/clock'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

const TICK_MILLISECONDS = 250

/** Whole seconds until then, counted down while the screen is there; null where nothing ends. */
export function useSecondsLeft(clock: () => Date, until: Date | null): number | null {
  const left = () =>
    until === null ? null : Math.max(0, Math.ceil((until.getTime() - clock().getTime()) / 1000))
  const seconds = useSignal(left())
  const ends = until?.getTime()
  useEffect(() => {
    seconds.value = left()
    return every(TICK_MILLISECONDS, () => (seconds.value = left()))
  }, [ends])
  return seconds.value
}
