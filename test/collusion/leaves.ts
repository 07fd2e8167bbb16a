import type { JsonValue } from '@netcert/credential'

/** Everything in some tokens that could be compared with something elsewhere. */
export type Leaves = {
  /** Values with and without the place they stand at, and the shape of each object. */
  readonly tokens: ReadonlySet<string>
  /** Times, indices, lengths, counts; by place. */
  readonly numbers: ReadonlyMap<string, number>
  /** Every run of five bytes in keys, salts, digests, signatures and points. */
  readonly windows: ReadonlySet<number>
}

const WINDOW_BYTES = 5
const LEAST_TEXT = 8

/** Takes presentations and JWTs apart, down to the last value. */
export function leavesOf(texts: readonly string[]): Leaves {
  const found = {
    tokens: new Set<string>(),
    numbers: new Map<string, number>(),
    windows: new Set<number>(),
  }
  for (const [at, text] of texts.entries()) {
    found.numbers.set(`${at}.length`, text.length)
    for (const [place, value] of partsOf(text)) walk(found, `${at}.${place}`, place, value)
  }
  return found
}

type Found = {
  readonly tokens: Set<string>
  readonly numbers: Map<string, number>
  readonly windows: Set<number>
}

/** The parts of `<jwt>~<disclosure>~…~<kb-jwt>`, decoded; a JWT alone is its first part. */
function partsOf(text: string): readonly (readonly [place: string, value: JsonValue])[] {
  const [jwt = '', ...rest] = text.split('~')
  const binding = rest.pop()
  const disclosures = rest.map((encoded) => {
    const contents = decode(encoded) as [salt: string, name: string, value: JsonValue]
    return [`disclosed.${contents[1]}`, contents] as const
  })
  const order = disclosures.map(([place]) => place).join()
  const bound = binding === undefined ? [] : jwtParts('binding', binding)
  return [...jwtParts('issued', jwt), ...disclosures, ['order', order], ...bound]
}

function jwtParts(place: string, jwt: string): [string, JsonValue][] {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  return [
    [`${place}.header`, decode(header)],
    [`${place}.payload`, decode(payload)],
    [`${place}.signature`, signature],
  ]
}

function decode(part: string): JsonValue {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonValue
}

/** `at` says which text it is, for numbers; tokens are the same whichever text they stand in. */
function walk(found: Found, at: string, place: string, value: JsonValue): void {
  if (typeof value === 'number') found.numbers.set(at, value)
  if (value === null || typeof value !== 'object') {
    found.tokens.add(`${place}=${String(value)}`)
    if (typeof value === 'string') lookInto(found, value)
  } else if (Array.isArray(value)) {
    found.numbers.set(`${at}.count`, value.length)
    for (const [index, one] of (value as JsonValue[]).entries()) {
      walk(found, `${at}[${index}]`, `${place}[]`, one)
    }
  } else {
    found.tokens.add(`${place}{${Object.keys(value).join()}}`)
    for (const [name, one] of Object.entries(value)) {
      walk(found, `${at}.${name}`, `${place}.${name}`, one as JsonValue)
    }
  }
}

function lookInto({ tokens, windows }: Found, text: string): void {
  if (text.length < LEAST_TEXT) return
  tokens.add(`*=${text}`)
  if (!/^[\w-]{20,}$/.test(text)) return
  const bytes = Buffer.from(text, 'base64url')
  for (let at = 0; at + WINDOW_BYTES <= bytes.length; at += 1) {
    windows.add(bytes.readUIntBE(at, WINDOW_BYTES))
  }
}
