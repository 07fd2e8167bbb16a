import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PublicJwk, parsePublicJwk } from '@netcert/credential'
import { type KeyOf, parsePemCertificates, verifyCertificateChain } from '@netcert/protocol'
import { z } from 'zod'
import { IssuerError } from './issuer-error.js'

/** Whose word about wallets counts. */
export type WalletProviders = {
  /** Whether the authorization code grant is for attested wallets only. */
  readonly required: boolean
  /** Whether anybody is trusted at all. */
  readonly any: boolean
  readonly keyOf: (now: Date) => KeyOf
}

const schema = z.object({
  required: z.boolean().default(false),
  /** Keys of providers, found by `kid`, and by `iss` where one is written. */
  providers: z
    .array(
      z.object({
        iss: z.string().optional(),
        jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }),
      }),
    )
    .default([]),
  /** File beside this one: authorities whose leaves sign attestations with `x5c`. */
  anchors: z.string().optional(),
})

const FILE = 'wallet-providers.json'

/** Trusts nobody: what holds where nothing is configured. */
export const NO_WALLET_PROVIDERS: WalletProviders = {
  required: false,
  any: false,
  keyOf: () => () => undefined,
}

/**
 * Reads which wallet providers are trusted from `wallet-providers.json` in the data folder; without
 * the file there are none.
 *
 * @throws IssuerError `wallet_providers_malformed`.
 */
export async function readWalletProviders(dir: string): Promise<WalletProviders> {
  const text = await readFile(join(dir, FILE), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw malformed(error)
  })
  if (text === undefined) return NO_WALLET_PROVIDERS
  try {
    const { required, providers, anchors } = schema.parse(JSON.parse(text))
    const keys = providers.flatMap(({ iss, jwks }) =>
      jwks.keys.map((jwk) => ({ iss, kid: jwk['kid'], jwk: parsePublicJwk(publicPart(jwk)) })),
    )
    const certificates =
      anchors === undefined ? [] : parsePemCertificates(await readFile(join(dir, anchors), 'utf8'))
    const any = keys.length > 0 || certificates.length > 0
    return { required, any, keyOf: (now) => keyOf({ keys, certificates, now }) }
  } catch (error) {
    throw malformed(error)
  }
}

type TrustedKey = {
  readonly iss: string | undefined
  readonly kid: unknown
  readonly jwk: PublicJwk
}

function keyOf(trusted: {
  readonly keys: readonly TrustedKey[]
  readonly certificates: readonly string[]
  readonly now: Date
}): KeyOf {
  const { keys, certificates, now } = trusted
  return async (header, payload) => {
    if (header['x5c'] !== undefined) {
      if (certificates.length === 0) return undefined
      const anchors = { certificates }
      return (await verifyCertificateChain({ x5c: header['x5c'], anchors, now })).leafKey
    }
    const { kid } = header
    const iss = payload['iss']
    const own = keys.filter((key) => key.iss === undefined || key.iss === iss)
    if (kid !== undefined) return own.find((key) => key.kid === kid)?.jwk
    return own.length === 1 ? own[0]?.jwk : undefined
  }
}

/** What a key set says beside the key is not part of the key. */
function publicPart(jwk: Record<string, unknown>): Record<string, unknown> {
  const { kid: _kid, alg: _alg, use: _use, key_ops: _operations, x5c: _chain, ...key } = jwk
  return key
}

function malformed(cause: unknown): IssuerError {
  return new IssuerError(
    'wallet_providers_malformed',
    `${FILE} cannot be read: it holds providers with their jwks, and anchors may name a file of certificates; correct it.`,
    { cause },
  )
}
