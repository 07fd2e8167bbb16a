import { freshnessPolicies, type Trust } from '@netcert/credential'
import { parseQuery, type Query } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { createVerifier, memorySessions, type Verifier } from '@netcert/verifier'
import { readTrust } from '@netcert/verifier/published-lists'
import { openWallet } from '@netcert/wallet'
import { type Place, publicFolder, rootOf } from './issuing.js'

/** The platform of the story, and one that it is not. */
export const TICKETS = 'https://tickets.example'
export const OTHER_SHOP = 'https://other-shop.example'

/** What the platform asks: are you 18 or older? */
export const ageOver18: Query = parseQuery(queries['age-over-18'])

/** What the platform trusts: the root it was given once, and the lists it copied. */
export async function platformTrust(place: Place, now = place.clock()): Promise<Trust> {
  return readTrust({ rootDid: await rootOf(place), listsDir: publicFolder(place), now })
}

/** The platform's verifier. */
export function openPlatform(trust: () => Trust, clock: () => Date): Verifier {
  return createVerifier({
    trust,
    audience: TICKETS,
    clock,
    freshness: freshnessPolicies['grace-24h'],
    sessions: memorySessions({ clock }),
    // It asks for facts alone, so it needs no accreditation.
    platform: () => null,
  })
}

/** How a wallet is asked. */
export type AskOptions = {
  readonly walletDir: string
  readonly clock: () => Date
  readonly nonce: string
  readonly kind: 'one-time' | 'platform'
  readonly audience: string
}

/** Opens a citizen's wallet, lets it answer the question, and closes it. */
export async function askWallet({ walletDir, clock, nonce, kind, audience }: AskOptions) {
  const { wallet, close } = await openWallet({ dir: walletDir, clock, create: false })
  try {
    return await wallet.present({ query: ageOver18, audience, nonce, kind })
  } finally {
    await close()
  }
}
