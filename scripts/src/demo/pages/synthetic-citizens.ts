import { Readable } from 'node:stream'
import type { Issuer } from '@netcert/issuer'

/** Somebody who does not exist, as the demo shows them. */
export type SyntheticCitizen = {
  /** Reference at the issuer. */
  readonly reference: string
  readonly name: string
  /** Civil date, YYYY-MM-DD. */
  readonly birthdate: string
  readonly region: string
}

/**
 * Imports the first rows of a sample one by one, so that it is known who is who: the issuer itself lists
 * references and no names.
 *
 * @param lines - Of a file of citizens, the first with the names of its columns.
 */
export async function importByName(
  issuer: Issuer,
  lines: readonly string[],
): Promise<readonly SyntheticCitizen[]> {
  const [header = '', ...rows] = lines
  const people: SyntheticCitizen[] = []
  for (const row of rows) {
    await issuer.importCitizens({ input: Readable.from([Buffer.from(header + row)]) })
    const { citizens } = await issuer.listCitizens({ limit: rows.length })
    const added = citizens.find((it) => people.every(({ reference }) => reference !== it.reference))
    if (added === undefined) throw new Error('a synthetic citizen was not imported')
    people.push(citizenOf(added.reference, header, row))
  }
  return people
}

/** A sample has no quoted cells. */
function citizenOf(reference: string, header: string, row: string): SyntheticCitizen {
  const cells = row.trimEnd().split(',')
  const columns = header.trimEnd().split(',')
  const cell = (column: string) => cells[columns.indexOf(column)] ?? ''
  return {
    reference,
    name: cell('family_name') + cell('given_name'),
    birthdate: cell('birthdate'),
    region: cell('residence_region'),
  }
}
