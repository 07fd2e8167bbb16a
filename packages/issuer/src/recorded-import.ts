import type { CitizenRegister } from './authentic-source.js'
import { type ImportOptions, type ImportReport, importCitizens } from './citizen-import.js'
import type { OperatorParts } from './minting.js'

type Parts = {
  readonly register: CitizenRegister
  readonly clock: () => Date
  readonly minting: OperatorParts
}

/**
 * Imports a file of citizens, and puts on record how much came of it: at the end, since the source is
 * another database. What broke off is on record as such; the source has what was stored until then.
 *
 * @throws IssuerError see `importCitizens`; `operator_…`.
 */
export async function importRecorded(
  { register, clock, minting }: Parts,
  options: ImportOptions,
): Promise<ImportReport> {
  const { audit, access } = minting
  access.require('enrol')
  let [rows, stored] = [0, 0]
  const record = (details: Readonly<Record<string, number | boolean>>): Promise<void> =>
    audit.record(() =>
      Promise.resolve({ result: undefined, event: { event: 'citizens_imported', details } }),
    )
  const onProgress: ImportOptions['onProgress'] = (progress) => {
    rows = progress.rows
    stored = progress.accepted
    options.onProgress?.(progress)
  }
  const report = await importCitizens(register, clock, { ...options, onProgress }).catch(
    async (error: unknown) => {
      if (rows > 0) await record({ rows, accepted: stored, complete: false })
      throw error
    },
  )
  const { accepted, unchanged, refusedRows: refused, interrupted } = report
  await record({ rows: report.rows, accepted, unchanged, refused, complete: !interrupted })
  return report
}
