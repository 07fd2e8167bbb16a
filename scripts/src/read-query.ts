import type { Query } from '@netcert/protocol'
import { readInputJson } from './read-input.js'

const limitBytes = 64 * 1024

/**
 * A DCQL query: by the name of a ready one (`age-over-18`) or from a file.
 *
 * @throws CommandFailure when there is no such file or name; ProtocolError `query_malformed`.
 */
export async function readQuery(nameOrFile: string): Promise<Query> {
  const ready = (await readyQueries())[nameOrFile]
  if (ready !== undefined) return ready
  const { parseQuery } = await import('@netcert/protocol')
  return parseQuery(await readInputJson({ path: nameOrFile, what: 'The query', limitBytes }))
}

/** The ready queries by their names. */
export async function readyQueries(): Promise<Readonly<Record<string, Query>>> {
  const [{ parseQuery }, { queries }] = await Promise.all([
    import('@netcert/protocol'),
    import('@netcert/schemas'),
  ])
  const named = Object.entries(queries).map(([name, query]) => [name, parseQuery(query)] as const)
  return Object.assign(Object.create(null), Object.fromEntries(named)) as Record<string, Query>
}
