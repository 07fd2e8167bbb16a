import type { Vault } from '@netcert/agent'
import {
  isJsonArray,
  isJsonObject,
  parseJson,
  type PublicJwk,
  parsePublicJwk,
} from '@netcert/credential'
import { deferredContext } from './vci-sealed-columns.js'

/** What is put off: copies for these keys, and the point a number is blinded with. */
export type DeferredCopies = {
  readonly holderJwks: readonly PublicJwk[]
  readonly blinded: string | null
}

type Sealing = { readonly vault: Vault; readonly idHash: string }

/** Sealed together, so that a crash or a second request leads to the very same copy. */
export function sealDeferredCopies({ vault, idHash }: Sealing, copies: DeferredCopies): string {
  const { holderJwks, blinded } = copies
  const bytes = new TextEncoder().encode(JSON.stringify({ holder_keys: holderJwks, blinded }))
  return vault.seal(bytes, deferredContext(idHash, 'holder_keys'))
}

/** @throws AgentError `sealed_wrong`, `sealed_malformed` when it was altered or moved. */
export function openDeferredCopies({ vault, idHash }: Sealing, sealed: string): DeferredCopies {
  const bytes = vault.unseal(sealed, deferredContext(idHash, 'holder_keys'))
  const value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { maxDepth: 8 })
  // Put off before there were numbers: a list of keys and nothing else.
  if (isJsonArray(value))
    return { holderJwks: value.map((key) => parsePublicJwk(key)), blinded: null }
  if (!isJsonObject(value)) throw new TypeError('what was sealed here is an object')
  const { holder_keys: keys, blinded } = value
  if (!isJsonArray(keys)) throw new TypeError('what was sealed here holds keys')
  return {
    holderJwks: keys.map((key) => parsePublicJwk(key)),
    blinded: typeof blinded === 'string' ? blinded : null,
  }
}
