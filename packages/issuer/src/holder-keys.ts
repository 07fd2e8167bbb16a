import { CredentialError, jwkThumbprint, type PublicJwk, parsePublicJwk } from '@netcert/credential'
import type { CopyPolicy } from './copy-policy.js'
import { IssuerError } from './issuer-error.js'

/**
 * The keys of a batch: one for each copy, each another.
 *
 * @throws IssuerError `holder_key_count`, `holder_key_malformed`, `holder_key_repeated`.
 */
export function checkHolderKeys(
  jwks: readonly PublicJwk[],
  policy: CopyPolicy,
): readonly PublicJwk[] {
  if (jwks.length === 0 || jwks.length > policy.copies) {
    throw new IssuerError(
      'holder_key_count',
      `A batch of that type has 1 to ${policy.copies} copies, each with a key of its own; bring as many keys.`,
    )
  }
  const keys = jwks.map(readHolderKey)
  if (new Set(keys.map((key) => jwkThumbprint(key))).size !== keys.length) {
    throw new IssuerError(
      'holder_key_repeated',
      'Two copies with one key could be told to be the same person; bring a key for each copy.',
    )
  }
  return keys
}

function readHolderKey(jwk: PublicJwk): PublicJwk {
  try {
    return parsePublicJwk(jwk)
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    const text = 'A holder key is no public P-256 or Ed25519 key; bring one made by a wallet.'
    throw new IssuerError('holder_key_malformed', text, { cause: error })
  }
}
