import {
  CredentialError,
  type HashAlgorithm,
  hashAlgorithms,
  type JsonObject,
  type JsonValue,
  type KeyBindingPolicy,
  parsePublicJwk,
  type SdJwtPolicy,
  type SignatureAlgorithm,
  signatureAlgorithms,
  type TokenLimits,
} from '@netcert/credential'
import { importVerifyingKey, type VerifyingKey } from '@netcert/credential/crypto'
import { asObject, listOf, numberOf, objectOf, textOf } from './operation.js'

type IssuerKey = { readonly iss: string | undefined; readonly key: VerifyingKey }

/** The policy that the `context` of an SD-JWT vector states, every member of it. */
export async function policyOf(context: JsonObject): Promise<SdJwtPolicy> {
  const keys = await importIssuerKeys(context)
  return {
    ...openPolicyOf(context),
    issuerKeys: (_header, payload) =>
      keys.filter(({ iss }) => iss === undefined || iss === payload['iss']).map(({ key }) => key),
  }
}

/** The same without the issuers' keys, which SD-JWT VC vectors name in another way. */
export function openPolicyOf(context: JsonObject): Omit<SdJwtPolicy, 'issuerKeys'> {
  return {
    now: numberOf(context, 'now'),
    clockSkewSeconds: numberOf(context, 'clock_skew_s', 0),
    algorithms: algorithmsOf(context),
    hashAlgorithms: hashAlgorithms.filter((alg: HashAlgorithm) => {
      return listOf(context, 'allowed_hash_algs').includes(alg)
    }),
    typ: optionalText(context, 'expected_typ'),
    requiredClaims: listOf(context, 'required_claims').map(String),
    rejectFutureIat: context['reject_future_iat'] === true,
    audience: optionalText(context, 'expected_aud'),
    keyBinding: keyBindingOf(objectOf(context, 'key_binding')),
    allowDidKeyConfirmation: context['cnf_did_key'] === true,
    limits: limitsOf(context),
  }
}

/** `allowed_algs`, as far as this release knows them. */
export function algorithmsOf(context: JsonObject): readonly SignatureAlgorithm[] {
  return signatureAlgorithms.filter((alg) => listOf(context, 'allowed_algs').includes(alg))
}

export function limitsOf(context: JsonObject): TokenLimits {
  const limits = objectOf(context, 'limits')
  return {
    maxBytes: numberOf(limits, 'max_total_bytes', 65_536),
    maxDepth: numberOf(limits, 'max_json_depth', 32),
    maxDisclosures: numberOf(limits, 'max_disclosures', 256),
  }
}

function keyBindingOf(keyBinding: JsonObject): KeyBindingPolicy {
  const { mode } = keyBinding
  if (mode !== 'required' && mode !== 'optional') return { mode: 'none' }
  return {
    mode,
    audience: textOf(keyBinding, 'aud'),
    nonce: textOf(keyBinding, 'nonce'),
    maxAgeSeconds: numberOf(keyBinding, 'max_age_s'),
    maxFutureSeconds: numberOf(keyBinding, 'max_future_s', 0),
  }
}

function optionalText(context: JsonObject, name: string): string | null {
  return (context[name] ?? null) === null ? null : textOf(context, name)
}

async function importIssuerKeys(context: JsonObject): Promise<readonly IssuerKey[]> {
  const keys: IssuerKey[] = []
  for (const entry of listOf(context, 'issuer_keys')) {
    const { iss, jwk } = asObject(entry)
    const key = await usableKey(jwk)
    if (key !== undefined) keys.push({ iss: typeof iss === 'string' ? iss : undefined, key })
  }
  return keys
}

/** A key of a kind this release does not support is no key; another one may still count. */
async function usableKey(jwk: JsonValue | undefined): Promise<VerifyingKey | undefined> {
  try {
    return await importVerifyingKey(parsePublicJwk(jwk))
  } catch (error) {
    if (error instanceof CredentialError) return undefined
    throw error
  }
}
