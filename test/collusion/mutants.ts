import { createHash } from 'node:crypto'
import type { Received } from './population.js'

/** A fault that would let two platforms join what they have. */
export type Mutant = {
  readonly name: string
  /** Writes the fault into what a platform has of a person; `other` is the same person's elsewhere. */
  readonly break: (text: Editable, person: number, side: 0 | 1, other: Editable) => void
}

/** A presentation, taken apart so that it can be changed and put together again. */
export type Editable = {
  header: Record<string, unknown>
  payload: Record<string, unknown> & {
    _sd: string[]
    cnf: { jwk: Record<string, string> }
    status: { status_list: { idx: number; uri: string } }
    iat: number
    exp: number
  }
  signature: string
  disclosures: [string, string, unknown][]
  binding: {
    header: Record<string, unknown>
    payload: Record<string, unknown> & { iat: number; nonce: string }
    signature: string
  }
}

const tag = (what: string, person: number, length: number) =>
  createHash('sha512').update(`${what} ${person}`).digest('base64url').slice(0, length)

export const mutants: readonly Mutant[] = [
  {
    name: 'a salt that both copies share',
    break: ({ disclosures }, _person, _side, other) => {
      disclosures[1]![0] = other.disclosures[1]![0]
    },
  },
  {
    name: 'a digest of a claim that neither shows',
    break: ({ payload }, person) => {
      payload._sd[0] = tag('digest', person, 43)
    },
  },
  {
    name: 'one holder key for both',
    break: ({ payload }, _person, _side, other) => {
      payload.cnf.jwk = other.payload.cnf.jwk
    },
  },
  {
    name: 'a key made by counting on from the other',
    break: ({ payload }, _person, _side, other) => {
      const x = other.payload.cnf.jwk['x'] ?? ''
      payload.cnf.jwk['x'] = `${x.slice(0, 36)}${tag('x', Math.random(), 7)}`
    },
  },
  {
    name: 'one blinding for both platforms',
    break: ({ binding }, _person, _side, other) => {
      binding.payload['platform_number_r'] = other.binding.payload['platform_number_r']
    },
  },
  {
    name: 'issuing times to the second, both copies fetched one after the other',
    break: ({ payload }, person, side) => {
      payload.iat = 1_793_500_000 + ((person * 7919) % 1009) * 1717 + side
      payload.exp = payload.iat + 30 * 86_400
    },
  },
  {
    name: 'one run of the wallet fetches what is due for both platforms',
    break: ({ payload }, _person, _side, other) => {
      payload.iat = other.payload.iat
      payload.exp = other.payload.exp
    },
  },
  {
    name: 'an end that depends on the person',
    break: ({ payload }, person) => {
      payload.exp = 1_796_000_400 + ((person * 7919) % 365) * 3600
    },
  },
  {
    name: 'status indices given in order',
    break: ({ payload }, person, side) => {
      payload.status.status_list.idx = 2 * ((person * 7919) % 100_003) + side
    },
  },
  {
    name: 'status indices at a fixed distance',
    break: ({ payload }, _person, side, other) => {
      if (side === 1) {
        payload.status.status_list.idx = (other.payload.status.status_list.idx + 54_321) % 2 ** 20
      }
    },
  },
  {
    name: 'a status list of the person’s own',
    break: ({ payload }, person) => {
      payload.status.status_list.uri += tag('list', person, 4)
    },
  },
  {
    name: 'a name of the token that stays',
    break: ({ payload }, person) => {
      payload['jti'] = tag('jti', person, 22)
    },
  },
  {
    name: 'as many digests as the person has claims',
    break: ({ payload }, person) => {
      payload._sd.length = 6 + (person % 10)
    },
  },
  {
    name: 'a nonce of the signature used twice',
    break: (text, _person, _side, other) => {
      text.signature = other.signature.slice(0, 42) + text.signature.slice(42)
    },
  },
  {
    name: 'the version of the wallet in the key binding',
    break: ({ binding }, person) => {
      binding.header['wallet'] = `1.${person % 40}`
    },
  },
  {
    name: 'a length that depends on the person',
    break: ({ binding }, person) => {
      binding.payload['padding'] = 'x'.repeat((person * 7919) % 97)
    },
  },
]

/** Everything two platforms have, with the fault in every presentation. */
export function withMutant(
  mutant: Mutant,
  received: readonly [readonly Received[], readonly Received[]],
): [Received[], Received[]] {
  const broken = ([0, 1] as const).map((side) =>
    received[side].map((one, at) => {
      const there = received[side === 0 ? 0 : 0][at]
      const texts = one.texts.map((text, index) => {
        if (!text.includes('~')) return text
        const edited = takeApart(text)
        mutant.break(edited, one.person, side, takeApart(there?.texts[index] ?? text))
        return putTogether(edited)
      })
      return { ...one, texts }
    }),
  )
  return [broken[0] ?? [], broken[1] ?? []]
}

function takeApart(text: string): Editable {
  const [jwt = '', ...rest] = text.split('~')
  const binding = jwtOf(rest.pop() ?? '')
  const disclosures = rest.map((encoded) => decode(encoded))
  return { ...jwtOf(jwt), disclosures, binding } as unknown as Editable
}

function putTogether({ header, payload, signature, disclosures, binding }: Editable): string {
  const jwt = [encode(header), encode(payload), signature].join('.')
  const bound = [encode(binding.header), encode(binding.payload), binding.signature].join('.')
  return [jwt, ...disclosures.map(encode), bound].join('~')
}

function jwtOf(jwt: string) {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  return { header: decode(header), payload: decode(payload), signature }
}

const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
