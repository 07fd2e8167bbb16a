import type { AuthorizationDetail, Configuration, errors, KoaContextWithOIDC } from 'oidc-provider'
import {
  detailedIds,
  detailFault,
  detailIds,
  grantedDetails,
  keptDetails,
  requestedIds,
} from './as-authorization-details.js'
import { recordHash } from './as-record-store.js'
import type { WardGrants } from './minors/ward-grants.js'

export type RichRequestOptions = {
  /** Issuer identifier of the credential issuer. */
  readonly issuer: string
  readonly configurationIds: readonly string[]
  readonly wards: Pick<WardGrants, 'identifiersOf'>
  /** The library's, handed in by authorization-server.ts. */
  readonly errors: typeof errors
}

type RichRequests = NonNullable<NonNullable<Configuration['features']>['richAuthorizationRequests']>

/** What the library does with `authorization_details` (RFC 9396; OpenID4VCI 1.0 §5.1.1, §6.2). */
export function richRequests(options: RichRequestOptions) {
  const { issuer, configurationIds, errors } = options
  return {
    enabled: true,
    types: {
      openid_credential: {
        validate: (_ctx, detail) => {
          const fault = detailFault(detail, { configurationIds, issuer })
          if (fault !== undefined) throw new errors.InvalidAuthorizationDetails(fault)
        },
      },
    },
    authorizationDetailsForGrantSource: ({ oidc: { params } }) =>
      keptDetails(detailedIds(requestedIds(params?.['authorization_details']), params?.['scope'])),
    authorizationDetailsForAccessToken: (ctx, _token, source) => grantedFor(options, ctx, source),
    authorizationDetailsForIntrospection: () => [],
  } satisfies RichRequests
}

/** A code or a refresh token. */
type GrantSource = {
  readonly rar?: AuthorizationDetail[] | undefined
  readonly scopes: Set<string>
  readonly grantId?: string | undefined
}

/** The entries of a token: those of the code, or fewer where the request names some. */
async function grantedFor(
  { wards, errors }: RichRequestOptions,
  ctx: KoaContextWithOIDC,
  source: GrantSource | undefined,
): Promise<AuthorizationDetail[]> {
  const granted = detailIds(source?.rar)
  const asked = requestedIds(ctx.oidc.params?.['authorization_details'])
  const within = granted.length > 0 ? granted : [...(source?.scopes ?? [])]
  const ids = asked.length === 0 ? granted : asked.filter((id) => within.includes(id))
  if (ids.length < asked.length) {
    throw new errors.InvalidAuthorizationDetails('more is asked for than was granted')
  }
  const grantId = source?.grantId
  const identifiers = grantId === undefined ? [] : await wards.identifiersOf(recordHash(grantId))
  return [...grantedDetails(ids, identifiers)]
}
