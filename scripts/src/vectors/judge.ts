import {
  CredentialError,
  isJsonArray,
  isJsonObject,
  type JsonValue,
  sameJson,
} from '@netcert/credential'
import type { Operations, Outcome, Vector } from './operation.js'

/** The judgement of one vector. */
export type Judgement =
  | { readonly result: 'passed'; readonly reasonDiffers: boolean }
  | { readonly result: 'skipped'; readonly why: string }
  | { readonly result: 'failed'; readonly why: string }

/** Members of `expect` that are no outputs. */
const notOutputs = new Set(['verdict', 'reason', 'also_ok', 'reference_document'])

/** Runs a vector and compares the verdict and every output it expects. */
export async function judge(
  vector: Vector,
  operations: Operations,
  leftOut: Readonly<Record<string, string>>,
): Promise<Judgement> {
  const why = Object.hasOwn(leftOut, vector.op) ? leftOut[vector.op] : undefined
  if (why !== undefined) return { result: 'skipped', why }
  const operation = Object.hasOwn(operations, vector.op) ? operations[vector.op] : undefined
  if (operation === undefined) return failed(`no operation ${vector.op}`)
  let outcome: Outcome
  try {
    outcome = outcomeOf(await operation(vector))
  } catch (error) {
    if (!(error instanceof CredentialError)) return failed(`fault: ${String(error)}`)
    outcome = { accepted: false, error, outputs: {} }
  }
  return compare(vector, outcome)
}

function outcomeOf(result: Outcome | object): Outcome {
  if ('accepted' in result && typeof result.accepted === 'boolean') return result as Outcome
  return { accepted: true, outputs: result as Outcome['outputs'] }
}

function compare({ expect }: Vector, outcome: Outcome): Judgement {
  const verdict = outcome.accepted ? 'accept' : 'reject'
  if (verdict !== expect['verdict']) {
    const code = outcome.accepted ? '' : ` (${outcome.error.code}: ${outcome.error.message})`
    return failed(`expected ${brief(expect['verdict'])}, got ${verdict}${code}`)
  }
  for (const [name, expected] of Object.entries(expect)) {
    if (notOutputs.has(name)) continue
    const wrong = compareOutput(name, expected, outcome)
    if (wrong !== undefined) return failed(wrong)
  }
  return { result: 'passed', reasonDiffers: !outcome.accepted && !isReason(expect, outcome.error) }
}

function compareOutput(name: string, expected: JsonValue, outcome: Outcome): string | undefined {
  const superset = name === 'processed_superset_of'
  const actual = outcome.outputs[superset ? 'processed_payload' : name]
  // Only a count of fetches is demanded of a refusal.
  if (!outcome.accepted && name !== 'status_fetches') return undefined
  const right = superset ? includes(actual, expected) : sameJson(actual, expected)
  return right ? undefined : `${name} is ${brief(actual)}, expected ${brief(expected)}`
}

/** True when `actual` holds everything that `expected` holds; arrays must have the same length. */
function includes(actual: JsonValue | undefined, expected: JsonValue): boolean {
  if (isJsonObject(expected)) {
    return (
      isJsonObject(actual) &&
      Object.entries(expected).every(([name, value]) => {
        return Object.hasOwn(actual, name) && includes(actual[name], value)
      })
    )
  }
  if (isJsonArray(expected)) {
    return (
      isJsonArray(actual) &&
      actual.length === expected.length &&
      expected.every((value, at) => includes(actual[at], value))
    )
  }
  return actual === expected
}

function isReason(expect: Vector['expect'], error: CredentialError): boolean {
  const also = expect['also_ok'] ?? []
  return expect['reason'] === error.code || (isJsonArray(also) && also.includes(error.code))
}

function failed(why: string): Judgement {
  return { result: 'failed', why }
}

function brief(value: JsonValue | undefined): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
