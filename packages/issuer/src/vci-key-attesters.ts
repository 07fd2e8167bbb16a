import type { KeyOf } from '@netcert/protocol'
import { z } from 'zod'
import { IssuerError } from './issuer-error.js'
import { keyOwnersSchema, openTrustedKeys, readOptionalFile } from './trusted-keys.js'

const FILE = 'key-attesters.json'

const schema = z.object({
  attesters: keyOwnersSchema.default([]),
  /** File beside this one: authorities whose leaves sign attestations with `x5c`. */
  anchors: z.string().optional(),
})

/**
 * Reads whose attestations of holder keys count from `key-attesters.json` in the data folder;
 * `null` without the file: then key attestations are not looked at, and not announced.
 *
 * @throws IssuerError `key_attesters_malformed`.
 */
export async function readKeyAttesters(options: {
  readonly dir: string
  readonly clock: () => Date
}): Promise<KeyOf | null> {
  const { dir, clock } = options
  try {
    const text = await readOptionalFile(dir, FILE)
    if (text === undefined) return null
    const { attesters: owners, anchors } = schema.parse(JSON.parse(text))
    const { any, keyOf } = await openTrustedKeys({ dir, owners, anchors })
    if (!any) throw new TypeError('it names nobody')
    return (header, payload) => keyOf(clock())(header, payload)
  } catch (cause) {
    throw new IssuerError(
      'key_attesters_malformed',
      `${FILE} cannot be read: it holds attesters with their jwks, and anchors may name a file of certificates; correct it.`,
      { cause },
    )
  }
}
