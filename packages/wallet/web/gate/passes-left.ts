import { GATE_PASS } from '@netcert/credential'
import type { CertificateSummary } from '@netcert/wallet/rules'

/** The citizen's copies of one type that are for one use each: gate passes, mostly. */
export type PassesLeft = {
  readonly left: number
  /** Of so many. */
  readonly copies: number
  /** When the first of them end. */
  readonly expiresAt: Date
}

type Held = Pick<CertificateSummary, 'vct' | 'kind' | 'ward' | 'remaining' | 'copies' | 'expiresAt'>

/**
 * How many there are. A batch that is used up counts no more once there is another one: nobody
 * has eight of sixteen.
 *
 * @returns null where there never were any, or all have expired
 */
export function passesLeft(held: readonly Held[], type: string = GATE_PASS): PassesLeft | null {
  const isOwn = ({ vct, kind, ward }: Held) => vct === type && kind === 'one-time' && ward === null
  const passes = held.filter(isOwn)
  const usable = passes.filter(({ remaining }) => remaining > 0)
  const [newest] = passes.toSorted((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime())
  if (newest === undefined) return null
  const counted = usable.length > 0 ? usable : [newest]
  return {
    left: counted.reduce((sum, { remaining }) => sum + remaining, 0),
    copies: counted.reduce((sum, { copies }) => sum + copies, 0),
    expiresAt: new Date(Math.min(...counted.map(({ expiresAt }) => expiresAt.getTime()))),
  }
}
