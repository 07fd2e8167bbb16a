import { useState } from 'preact/hooks'
import { codeOf } from '../refusal.js'

/** Something under way, and the code of why it was refused. */
export type Working = {
  readonly busy: boolean
  readonly refused: string | null
  /** Does it; a second press while it is under way does nothing. */
  readonly run: (work: () => Promise<void>) => void
  readonly refuse: (code: string | null) => void
}

/** State of a step that may take a moment and may be refused. */
export function useWorking(): Working {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const run = (work: () => Promise<void>) => {
    if (busy) return
    setBusy(true)
    setRefused(null)
    work()
      .catch((error: unknown) => setRefused(codeOf(error)))
      .finally(() => setBusy(false))
  }
  return { busy, refused, run, refuse: setRefused }
}
