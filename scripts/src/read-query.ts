import type { Query } from '@netcert/protocol'
import { readInputJson } from './read-input.js'

const limitBytes = 64 * 1024

/**
 * A DCQL query: by the name of a ready one (`age-over-18`) or from a file.
 *
 * @throws CommandFailure when there is no such file or name; ProtocolError `query_malformed`.
 */
export async function readQuery(nameOrFile: string): Promise<Query> {
  const [{ parseQuery }, { queries }] = await Promise.all([
    import('@netcert/protocol'),
    import('@netcert/schemas'),
  ])
  const ready = Object.entries(queries).find(([name]) => name === nameOrFile)?.[1]
  if (ready !== undefined) return parseQuery(ready)
  return parseQuery(await readInputJson({ path: nameOrFile, what: 'The query', limitBytes }))
}
