import { type ClaimPath, NETWORK_CERTIFICATE } from '@netcert/credential'
import {
  type Decision,
  type DecideRequestOptions,
  decideRequest,
  type LegalBasis,
  parseQuery,
  type Query,
} from '@netcert/protocol'
import { accredited, platformKey } from './accreditation-tokens.js'

export const OVER_18: ClaimPath = ['age_equal_or_over', '18']

/** A query for one network certificate with these claims. */
export const asking = (...paths: readonly ClaimPath[]): Query =>
  queryOf({ claims: paths.map((path) => ({ path })) })
export const queryOf = (members: object, id = 'a'): Query =>
  parseQuery({ credentials: [credentialOf(members, id)] })
export const credentialOf = (members: object, id = 'a') => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: [NETWORK_CERTIFICATE] },
  ...members,
})

/** A platform that may ask for these claims of a network certificate. */
export const registered = (legalBasis: LegalBasis, ...claims: readonly ClaimPath[]) =>
  accredited({
    legalBasis,
    maxClaims: 64,
    credentials: [{ format: 'dc+sd-jwt', vctValues: [NETWORK_CERTIFICATE], claims }],
  })

const usual = await accredited()
export const decide = (query: Query, changes: Partial<DecideRequestOptions> = {}): Decision =>
  decideRequest({
    accreditation: usual,
    requestKey: platformKey.jwk,
    query,
    recent: [],
    holdsNumber: false,
    ...changes,
  })
export const codesOf = ({ findings }: Decision) => findings.map(({ code }) => code)
export const claimsOf = ({ query }: Decision, at = 0) => {
  const credential = query?.credentials[at]
  return credential !== undefined && 'claims' in credential
    ? credential.claims?.map(({ path }) => path)
    : undefined
}
