import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PublicJwk, parsePublicJwk } from '@netcert/credential'
import { type KeyOf, parsePemCertificates, verifyCertificateChain } from '@netcert/protocol'
import { z } from 'zod'

/** Keys of others, as files of the data folder name them: by `kid`, and by `iss` where it stands. */
export const keyOwnersSchema = z.array(
  z.object({
    iss: z.string().optional(),
    jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }),
  }),
)

export type TrustedKeys = {
  /** Whether anybody is trusted at all. */
  readonly any: boolean
  readonly keyOf: (now: Date) => KeyOf
}

/** Trusts nobody. */
export const NO_TRUSTED_KEYS: TrustedKeys = { any: false, keyOf: () => () => undefined }

/** The text of a file of the data folder; `undefined` when there is none. */
export async function readOptionalFile(dir: string, name: string): Promise<string | undefined> {
  return readFile(join(dir, name), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}

/**
 * Opens the keys that owners list, and the file of authorities whose leaves sign with `x5c`.
 *
 * @throws CredentialError, ProtocolError or a system error: the file has to be corrected.
 */
export async function openTrustedKeys(options: {
  readonly dir: string
  readonly owners: z.infer<typeof keyOwnersSchema>
  /** File name in `dir`. */
  readonly anchors: string | undefined
}): Promise<TrustedKeys> {
  const { dir, owners, anchors } = options
  const keys = owners.flatMap(({ iss, jwks }) =>
    jwks.keys.map((jwk) => ({ iss, kid: jwk['kid'], jwk: parsePublicJwk(publicPart(jwk)) })),
  )
  const certificates =
    anchors === undefined ? [] : parsePemCertificates(await readFile(join(dir, anchors), 'utf8'))
  const any = keys.length > 0 || certificates.length > 0
  return { any, keyOf: (now) => keyOf({ keys, certificates, now }) }
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
