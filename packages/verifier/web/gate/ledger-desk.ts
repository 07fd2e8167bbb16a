import {
  assertSameEvent,
  exportLedger,
  type LedgerExport,
  type MergedLedgers,
  mergeLedgers,
  readLedgerExport,
} from '@netcert/verifier/gate'
import type { KeptLane } from '../keeping/database.js'
import { laneKeysOf } from '../lane/usable-lane.js'
import type { GateDesk } from './gate-desk.js'

/** What a merge found. */
export type Merge = MergedLedgers & { readonly files: number }

type Desk = { readonly desk: GateDesk; readonly kept: KeptLane; readonly now: Date }

/** The entries of this lane as a file: no name, number or picture, only tags, lane and time. */
export async function exportEntries({ desk, kept, now }: Desk): Promise<File> {
  const { signer } = laneKeysOf(kept)
  const text = await exportLedger({ ledger: desk.ledger, signer, now })
  const { event, gate, lane } = desk.lane
  const at = now.toISOString().slice(0, 16).replaceAll(':', '')
  return new File([text], `${event.id}-${gate}-${lane}-${at}.json`, { type: 'application/json' })
}

/**
 * Puts files of other lanes beside the own entries: lists what opened the event twice, and takes the
 * others' entries in, so that those passes are refused here from now on. All files or none.
 *
 * @throws VerifierError `ledger_malformed`, `ledger_other_event`
 */
export async function mergeEntries(
  { desk, kept, now }: Desk,
  files: readonly Blob[],
): Promise<Merge> {
  const { signer } = laneKeysOf(kept)
  const read = async (file: Blob): Promise<LedgerExport> => {
    const found = await readLedgerExport(await file.text(), { signedBy: signer.did })
    assertSameEvent(found, desk.lane.event.id)
    return found
  }
  const others: LedgerExport[] = []
  for (const file of files) others.push(await read(file))
  const own = await read(await exportEntries({ desk, kept, now }))
  const merged = mergeLedgers([own, ...others])
  await desk.ledger.takeIn(others.flatMap(({ entries }) => entries))
  return { ...merged, files: files.length }
}

/** Hands a file to the browser's downloads. */
export function saveFile(file: File): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = file.name
  link.click()
  // The download has begun by then; the entries are not held in memory any longer.
  requestIdleCallback(() => URL.revokeObjectURL(address), { timeout: 10_000 })
}
