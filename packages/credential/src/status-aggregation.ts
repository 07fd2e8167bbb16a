import { CredentialError } from './errors.js'
import { isJsonArray, isJsonObject, memberOf, parseJson } from './json.js'

const MAX_AGGREGATION_CHARACTERS = 4 * 1024 * 1024

/**
 * Reads the answer of a status list aggregation endpoint. A URI in it is as untrusted as any other:
 * `assertFetchable` comes before a fetch, and one bad list does not stop the others.
 *
 * @param contentType - The HTTP header's value; only `application/json` is taken.
 * @returns The URIs of the status lists, in the order given.
 * @throws CredentialError `aggregation_malformed`
 * @see Token Status List §9.3
 */
export function parseStatusAggregation(body: string, contentType: string): readonly string[] {
  const essence = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (essence !== 'application/json' || body.length > MAX_AGGREGATION_CHARACTERS) throw malformed()
  const lists = readLists(body)
  if (!lists.every((uri): uri is string => typeof uri === 'string')) throw malformed()
  return lists
}

function readLists(body: string): readonly unknown[] {
  try {
    const value = parseJson(body, { maxDepth: 32 })
    const lists = isJsonObject(value) ? memberOf(value, 'status_lists') : undefined
    if (isJsonArray(lists)) return lists
  } catch (cause) {
    throw malformed(cause)
  }
  throw malformed()
}

function malformed(cause?: unknown): CredentialError {
  return new CredentialError(
    'aggregation_malformed',
    'The answer is not a list of status lists: it must be application/json with status_lists.',
    { cause },
  )
}
