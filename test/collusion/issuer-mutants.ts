import { encodePoint, hashToPoint } from '../../packages/credential/src/blind-point.js'
import type { Asked } from './issuer-view.js'

/** A wallet's fault by which its issuer could tell which platform a request is for. */
export type IssuerMutant = {
  readonly name: string
  readonly break: (asked: Asked, person: number, platformId: string) => Partial<Asked>
}

const DAY = 86_400
const pointOf = (platformId: string) => hashToPoint(new TextEncoder().encode(platformId))

export const issuerMutants: readonly IssuerMutant[] = [
  {
    name: 'no blinding at all',
    break: (_asked, _person, id) => ({ b: encodePoint(pointOf(id)) }),
  },
  {
    name: 'a blinding of eight bits',
    break: (_asked, person, id) => ({
      b: encodePoint(pointOf(id).multiply(BigInt(2 + (person % 250)))),
    }),
  },
  {
    name: 'a request at the moment of the visit, at platforms with hours of their own',
    break: ({ at, platform }, person) => ({
      at: at - (at % DAY) + (platform === 0 ? 68_400 : 28_800) + ((person * 7919) % 10_800),
    }),
  },
  {
    name: 'one platform always before the other',
    break: ({ at, platform }) => ({ at: at + (platform === 0 ? 0 : 40 * DAY) }),
  },
  {
    name: 'one platform a little earlier for each person',
    break: ({ platform }, person) => ({ at: 1_793_500_000 + person * 977 + platform * 60 }),
  },
  {
    name: 'the sector of the platform in the request',
    break: ({ request, platform }) => ({
      request: request.replace('{', `{"sector":"${platform === 0 ? 'payment' : 'telecom'}",`),
    }),
  },
  {
    name: 'a request as long as the name of the platform',
    break: ({ request, platform }) => ({ request: request + ' '.repeat(6 + platform) }),
  },
  {
    name: 'a point whose sign follows the platform',
    break: ({ b, platform }) => {
      const bytes = Buffer.from(b, 'base64url')
      bytes[0] = 2 + platform
      return { b: bytes.toString('base64url') }
    },
  },
]

/** The requests with the fault in each, in the order of their times. */
export function withIssuerMutant(
  mutant: IssuerMutant,
  asked: readonly Asked[],
  platformIds: readonly [string, string],
): Asked[] {
  return asked
    .map((one) => ({ ...one, ...mutant.break(one, one.person, platformIds[one.platform]) }))
    .toSorted((one, other) => one.at - other.at)
}
