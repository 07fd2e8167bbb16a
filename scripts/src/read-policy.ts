import type { FreshnessPolicy } from '@netcert/credential'
import type { FreshnessPreset } from '@netcert/verifier'
import { readInputJson } from './read-input.js'
import { wrongUse } from './failure.js'

const LIMIT_BYTES = 16 * 1024

/** A freshness policy as it was named: what it says, and as it is written into a verifier's settings. */
export type NamedPolicy = {
  readonly policy: FreshnessPolicy
  readonly document: FreshnessPreset | Record<string, unknown>
}

/**
 * A freshness policy: by the name of a preset (`strict`, `grace-24h`, `flag-72h`) or from a file.
 *
 * @throws CommandFailure when there is no such file; VerifierError `freshness_malformed`
 */
export async function readPolicy(nameOrFile: string): Promise<NamedPolicy> {
  const { chooseFreshness, freshnessPresets } = await import('@netcert/verifier')
  const preset = freshnessPresets.find((name) => name === nameOrFile)
  if (preset !== undefined) return { policy: chooseFreshness(preset), document: preset }
  const what = 'The freshness policy'
  const document = await readInputJson({ path: nameOrFile, what, limitBytes: LIMIT_BYTES })
  const policy = chooseFreshness(document)
  return { policy, document: { ...Object(document) } }
}

/**
 * Policies of single queries, each written `query=policy`.
 *
 * @throws CommandFailure `wrong_use`, and as {@link readPolicy}
 */
export async function readQueryPolicies(
  given: readonly string[],
): Promise<Readonly<Record<string, NamedPolicy>>> {
  const named = given.map(async (text) => {
    const [query = '', ...rest] = text.split('=')
    const policy = rest.join('=')
    if (query === '' || policy === '') {
      throw wrongUse(
        'A policy of a query is written QUERY=POLICY.',
        'For example: --query-policy age-over-18=flag-72h',
      )
    }
    return [query, await readPolicy(policy)] as const
  })
  return Object.fromEntries(await Promise.all(named))
}

/** What the option may be given several times for. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}
