import type { CredentialError, JsonObject, JsonValue } from '@netcert/credential'

/** One conformance vector: what to do, under which policy and clock, and what must come out. */
export type Vector = {
  readonly id: string
  readonly op: string
  readonly input: JsonObject
  readonly context: JsonObject
  readonly expect: JsonObject
}

/** What came out. Outputs of a refusal matter only where a vector counts them. */
export type Outcome =
  | { readonly accepted: true; readonly outputs: JsonObject }
  | { readonly accepted: false; readonly error: CredentialError; readonly outputs: JsonObject }

/**
 * Carries out the `op` of a vector. Gives the outputs for an acceptance; throws a CredentialError,
 * or gives an Outcome, for a refusal.
 */
export type Operation = (vector: Vector) => Promise<Outcome | JsonObject> | Outcome | JsonObject

export type Operations = Readonly<Record<string, Operation>>

/** A member of a vector that must be a string. */
export function textOf(object: JsonObject, name: string): string {
  const value = object[name]
  if (typeof value !== 'string') throw new TypeError(`the vector has no text ${name}`)
  return value
}

/** A member that must be a number, or the fallback when it is absent. */
export function numberOf(object: JsonObject, name: string, fallback?: number): number {
  const value = object[name] ?? fallback
  if (typeof value !== 'number') throw new TypeError(`the vector has no number ${name}`)
  return value
}

/** A member that must be an object; an absent one is empty. */
export function objectOf(object: JsonObject, name: string): JsonObject {
  return asObject(object[name] ?? {})
}

/** A member that must be a list; an absent one is empty. */
export function listOf(object: JsonObject, name: string): readonly JsonValue[] {
  const value = object[name] ?? []
  if (!Array.isArray(value)) throw new TypeError(`the vector has no list ${name}`)
  return value as readonly JsonValue[]
}

export function asObject(value: JsonValue): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('the vector has no object here')
  }
  return value as JsonObject
}
