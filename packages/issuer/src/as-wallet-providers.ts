import { z } from 'zod'
import { IssuerError } from './issuer-error.js'
import {
  keyOwnersSchema,
  NO_TRUSTED_KEYS,
  openTrustedKeys,
  readOptionalFile,
  type TrustedKeys,
} from './trusted-keys.js'

/** Whose word about wallets counts. */
export type WalletProviders = TrustedKeys & {
  /** Whether the authorization code grant is for attested wallets only. */
  readonly required: boolean
}

const schema = z.object({
  required: z.boolean().default(false),
  providers: keyOwnersSchema.default([]),
  /** File beside this one: authorities whose leaves sign attestations with `x5c`. */
  anchors: z.string().optional(),
})

const FILE = 'wallet-providers.json'

/** Trusts nobody: what holds where nothing is configured. */
export const NO_WALLET_PROVIDERS: WalletProviders = { required: false, ...NO_TRUSTED_KEYS }

/**
 * Reads which wallet providers are trusted from `wallet-providers.json` in the data folder; without
 * the file there are none.
 *
 * @throws IssuerError `wallet_providers_malformed`.
 */
export async function readWalletProviders(dir: string): Promise<WalletProviders> {
  try {
    const text = await readOptionalFile(dir, FILE)
    if (text === undefined) return NO_WALLET_PROVIDERS
    const { required, providers: owners, anchors } = schema.parse(JSON.parse(text))
    return { required, ...(await openTrustedKeys({ dir, owners, anchors })) }
  } catch (cause) {
    throw new IssuerError(
      'wallet_providers_malformed',
      `${FILE} cannot be read: it holds providers with their jwks, and anchors may name a file of certificates; correct it.`,
      { cause },
    )
  }
}
