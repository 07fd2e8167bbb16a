import { type FreshnessPolicy, freshnessPolicies, parseFreshnessPolicy } from '@netcert/credential'
import { VerifierError } from './errors.js'

/** The presets by name. */
export const freshnessPresets = ['strict', 'grace-24h', 'flag-72h'] as const
export type FreshnessPreset = (typeof freshnessPresets)[number]

/** A policy as somebody writes it: the name of a preset, or a document of the schema. */
export type FreshnessChoice = FreshnessPreset | Readonly<Record<string, unknown>>

/**
 * The policy that was chosen, by the name of a preset or as a document of
 * `schemas/freshness-policy.schema.json`.
 *
 * @throws VerifierError `freshness_malformed` naming the first member that is wrong
 */
export function chooseFreshness(choice: unknown): FreshnessPolicy {
  if (typeof choice === 'string') {
    const preset = freshnessPresets.find((name) => name === choice)
    if (preset !== undefined) return freshnessPolicies[preset]
  }
  try {
    return parseFreshnessPolicy(choice)
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'It cannot be read.'
    throw new VerifierError(
      'freshness_malformed',
      `this is neither ${freshnessPresets.join(', ')} nor a freshness policy. ${problem}`,
      { cause },
    )
  }
}
