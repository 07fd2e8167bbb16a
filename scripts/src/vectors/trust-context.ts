import {
  CredentialError,
  type IssuerKey,
  importDidKeyIssuers,
  type JsonObject,
  type MetadataRole,
  parsePublicJwk,
  type StatusPolicy,
  type StatusSigner,
  type StatusSource,
  type StatusTokenLimits,
  statusTokenLimits,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { asObject, listOf, numberOf, objectOf, type Outcome, textOf } from './operation.js'
import { algorithmsOf } from './sd-jwt-context.js'

/** The only network of a vector, `status_tokens`, and how often it was asked. */
export type VectorNetwork = { readonly source: StatusSource; fetches: number }

export function networkOf(context: JsonObject): VectorNetwork {
  const tokens = objectOf(context, 'status_tokens')
  const network = {
    fetches: 0,
    source: async (uri: string) => {
      network.fetches += 1
      const token = Object.hasOwn(tokens, uri) ? tokens[uri] : undefined
      return typeof token === 'string' ? token : null
    },
  }
  return network
}

/** Adds `status_fetches` to the outputs, which count for a refusal too. */
export async function withFetches(
  network: VectorNetwork,
  work: () => Promise<JsonObject>,
): Promise<Outcome> {
  try {
    const outputs = await work()
    return { accepted: true, outputs: { ...outputs, status_fetches: network.fetches } }
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return { accepted: false, error, outputs: { status_fetches: network.fetches } }
  }
}

/** `trusted_issuers`: a did:key says its own key, another issuer comes with its `jwk`. */
export async function issuersOf(context: JsonObject): Promise<ReadonlyMap<string, IssuerKey>> {
  const issuers = new Map<string, IssuerKey>()
  for (const entry of listOf(context, 'trusted_issuers')) {
    const { jwk, ...issuer } = asObject(typeof entry === 'string' ? { iss: entry } : entry)
    const did = textOf(issuer, 'iss')
    const key =
      jwk === undefined
        ? (await importDidKeyIssuers([did])).get(did)
        : { keyId: null, key: await importVerifyingKey(parsePublicJwk(jwk)) }
    if (key !== undefined) issuers.set(did, key)
  }
  return issuers
}

export function typeMetadataOf(context: JsonObject) {
  if (context['type_metadata'] === undefined) return null
  const metadata = objectOf(context, 'type_metadata')
  const role: MetadataRole =
    (metadata['role'] ?? context['role']) === 'holder' ? 'holder' : 'verifier'
  const documents = new Map(
    Object.keys(objectOf(metadata, 'documents')).map((vct) => {
      return [vct, textOf(objectOf(metadata, 'documents'), vct)] as const
    }),
  )
  return { role, documents, maxDepth: numberOf(metadata, 'max_depth', 8) }
}

/** What the context says about status list tokens; signers default to those given. */
export async function statusPolicyOf(
  context: JsonObject,
  source: StatusSource,
  defaultSigners: readonly StatusSigner[],
): Promise<StatusPolicy> {
  const skew = numberOf(context, 'clock_skew_s', 0)
  const accepted = context['accept_statuses']
  return {
    source,
    signers: await statusSignersOf(context, defaultSigners),
    algorithms: algorithmsOf(context),
    window: {
      now: numberOf(context, 'now'),
      clockSkewSeconds: skew,
      maxFutureSeconds: numberOf(context, 'max_future_iat_s', skew),
      maxAgeSeconds:
        context['max_list_age_s'] === undefined ? null : numberOf(context, 'max_list_age_s'),
    },
    limits: statusLimitsOf(context),
    accepted: accepted === undefined ? [0] : listOf(context, 'accept_statuses').map(Number),
  }
}

export async function statusSignersOf(
  context: JsonObject,
  defaults: readonly StatusSigner[],
): Promise<readonly StatusSigner[]> {
  const pinned = context['status_jwk']
  if (pinned !== undefined) {
    return [{ keyId: null, key: await importVerifyingKey(parsePublicJwk(pinned)) }]
  }
  if (context['status_issuers'] === undefined) return defaults
  const dids = listOf(context, 'status_issuers').map(String)
  return [...(await importDidKeyIssuers(dids)).values()]
}

export function maxListBytesOf(context: JsonObject): number {
  return statusLimitsOf(context).maxListBytes
}

function statusLimitsOf(context: JsonObject): StatusTokenLimits {
  const limits = objectOf(context, 'limits')
  return {
    maxTokenBytes: numberOf(limits, 'max_status_token_bytes', statusTokenLimits.maxTokenBytes),
    maxListBytes: numberOf(limits, 'max_list_bytes', statusTokenLimits.maxListBytes),
    maxDepth: numberOf(limits, 'max_json_depth', statusTokenLimits.maxDepth),
  }
}
