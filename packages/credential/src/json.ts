import { CredentialError } from './errors.js'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export type JsonObject = { readonly [name: string]: JsonValue }

/** Bounds that hold before anything is made of a text. */
export type JsonLimits = {
  readonly maxDepth: number
  /** Members of all objects together; unbounded unless stated. */
  readonly maxMembers?: number
}

/**
 * Parses JSON that has exactly one meaning: no duplicate names (RFC 8259 §4 leaves them open), no
 * number beyond a double, no lone surrogate, no member `__proto__`, and no nesting beyond
 * `maxDepth`. Costs one scan, the native parser, and a walk over the result; nothing recurses.
 *
 * @throws CredentialError `bad_json`, `duplicate_json_key`, `too_deep`, `too_large`
 */
export function parseJson(text: string, limits: JsonLimits): JsonValue {
  const { names, escaped } = scan(text, limits.maxDepth)
  if (limits.maxMembers !== undefined && names > limits.maxMembers) {
    throw new CredentialError('too_large', `JSON has more than ${limits.maxMembers} members.`)
  }
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch {
    // The parser's own error quotes the text, which may be somebody's data: it goes no further.
    throw new CredentialError('bad_json', 'A part is not JSON.')
  }
  // The native parser keeps the last of two equal names, so fewer names remain than were written.
  if (typeof value === 'object' && value !== null) {
    if (countNames(value, escaped) !== names) {
      throw new CredentialError('duplicate_json_key', 'An object names a member twice.')
    }
  } else assertScalar(value, escaped)
  return value
}

/**
 * `parseJson` for a text that must be an object.
 *
 * @throws CredentialError as `parseJson`, and `payload_not_object`
 */
export function parseJsonObject(text: string, limits: JsonLimits): JsonObject {
  const value = parseJson(text, limits)
  if (!isJsonObject(value)) {
    throw new CredentialError('payload_not_object', 'A JSON object was expected.')
  }
  return value
}

/** Whether a JSON value is an object, and neither null nor a list. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for an array; narrows `JsonValue`, which `Array.isArray` does not. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** The object's own member: a name like `constructor` is never found on a prototype. */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** True when both are the same JSON value; the order of members does not matter. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  const open: [JsonValue | undefined, JsonValue | undefined][] = [[a, b]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [left, right] = pair
    if (isJsonArray(left) && isJsonArray(right)) {
      if (left.length !== right.length) return false
      for (const [at, value] of left.entries()) open.push([value, right[at]])
    } else if (isJsonObject(left) && isJsonObject(right)) {
      const names = Object.keys(left)
      if (names.length !== Object.keys(right).length) return false
      for (const name of names) open.push([left[name], memberOf(right, name)])
    } else if (left !== right) {
      return false
    }
  }
  return true
}

/** With the `u` flag a well-formed pair is one symbol and does not match. */
const loneSurrogate = /\p{Surrogate}/u

/**
 * One pass over the text: bounds the nesting before anything is parsed, and counts the names by
 * their colons. Strings, most of any token, are jumped over.
 */
function scan(text: string, maxDepth: number): { names: number; escaped: boolean } {
  const escaped = text.includes('\\')
  let depth = 0
  let names = 0
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 34: // "
        at = escaped ? endOfEscapedString(text, at + 1) : text.indexOf('"', at + 1)
        // An unfinished string: the parser will refuse it.
        if (at < 0) return { names, escaped }
        break
      case 58: // :
        names += 1
        break
      case 91: // [
      case 123: // {
        depth += 1
        if (depth > maxDepth) {
          throw new CredentialError('too_deep', `JSON is nested deeper than ${maxDepth}.`)
        }
        break
      case 93: // ]
      case 125: // }
        depth -= 1
        break
      default:
    }
  }
  return { names, escaped }
}

/** The position of the quote that ends a string, or -1. */
function endOfEscapedString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 34) return at
    if (code === 92) at += 1
  }
  return -1
}

function countNames(root: readonly JsonValue[] | JsonObject, escaped: boolean): number {
  const open: (readonly JsonValue[] | JsonObject)[] = [root]
  let names = 0
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isJsonArray(node)) {
      for (const value of node) {
        if (typeof value === 'object' && value !== null) open.push(value)
        else assertScalar(value, escaped)
      }
      continue
    }
    for (const name in node) {
      names += 1
      if (name === '__proto__' || (escaped && loneSurrogate.test(name))) {
        throw new CredentialError('bad_json', 'An object has a member name that is not allowed.')
      }
      const value = node[name] as JsonValue
      if (typeof value === 'object' && value !== null) open.push(value)
      else assertScalar(value, escaped)
    }
  }
  return names
}

function assertScalar(value: JsonValue, escaped: boolean): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new CredentialError('bad_json', 'A number is too large to be represented.')
    }
  } else if (escaped && typeof value === 'string' && loneSurrogate.test(value)) {
    // Only an escape can make one: the text itself was decoded from UTF-8.
    throw new CredentialError('bad_json', 'A string holds half of a surrogate pair.')
  }
}
