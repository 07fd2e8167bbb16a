import type { DpopKey, GrantParty } from './issuance-records.js'
import type { KeyStore } from './keys.js'
import { randomId } from './ledger.js'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const

type Keys = { readonly keyStore: KeyStore }
type PartyKeys = Pick<GrantParty, 'dpopKey' | 'instanceKey'>

/** A fresh key that tokens will be bound to, in the key store: what is sealed names it and no more. */
export async function createDpopKey({ keyStore }: Keys): Promise<string> {
  const alias = `dpop-${randomId()}`
  await keyStore.create({ alias, type: 'P-256' })
  return alias
}

/** A fresh key that an attestation of this wallet will be about. */
export async function createInstanceKey({ keyStore }: Keys): Promise<string> {
  const alias = `instance-${randomId()}`
  await keyStore.create({ alias, type: 'P-256' })
  return alias
}

/** The key of a grant as its OAuth client takes it. @throws AgentError, WalletError `key_unknown` */
export async function openDpopKey(
  keyStore: KeyStore,
  key: string | DpopKey,
): Promise<CryptoKeyPair> {
  if (typeof key !== 'string') return importDpopKey(key)
  const privateKey = await keyStore.signingKey(key)
  const own = await keyStore.get(key)
  if (own === undefined) throw new TypeError('the key of a grant is kept as long as the grant')
  return { privateKey, publicKey: await importPublicKey(own.jwk) }
}

/** The aliases of a party's keys. */
export function keyAliasesOf({ dpopKey, instanceKey }: PartyKeys): readonly string[] {
  return [dpopKey, instanceKey].filter((key) => typeof key === 'string')
}

/** Forgets the keys of a grant or a sign-in; call it when that is gone. */
export async function forgetKeysOf({ keyStore }: Keys, party: PartyKeys): Promise<void> {
  for (const alias of keyAliasesOf(party)) await keyStore.delete(alias)
}

/** Does what comes before there is a grant; when that fails, nothing needs the keys any more. */
export async function orForgetKeys<Result>(
  keys: Keys,
  party: PartyKeys,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    await forgetKeysOf(keys, party)
    throw error
  }
}

async function importDpopKey({ d, ...open }: DpopKey): Promise<CryptoKeyPair> {
  const privateKey = await crypto.subtle.importKey('jwk', { ...open, d }, ALGORITHM, false, [
    'sign',
  ])
  return { privateKey, publicKey: await importPublicKey(open) }
}

function importPublicKey(jwk: object): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', { ...jwk }, ALGORITHM, true, ['verify'])
}
