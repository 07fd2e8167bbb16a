import { epochSeconds, NETWORK_CERTIFICATE } from '@netcert/credential'
import { WalletError } from './errors.js'
import { type GrantedRequest, openRecord } from './issuance-records.js'
import type { CopyWish } from './platform-holding.js'
import type { IssuanceRow } from './stores.js'
import type { IssuanceGround } from './vci-ground.js'
import { wardConfiguration } from './ward-records.js'

// What the wallet's own records say of its grants. Nobody is asked here, and no OAuth client is needed.

/** The configuration of which a copy may carry a platform number. */
const PLATFORM_CONFIGURATION = 'network-certificate-platform'

/** One certificate of a grant, by name. */
export const keyOf = ({
  configurationId,
  credentialIdentifier,
}: Pick<GrantedRequest, 'configurationId' | 'credentialIdentifier'>) =>
  JSON.stringify([configurationId, credentialIdentifier])

/** What an issuer put off is not asked for a second time. */
export async function openDeferred({ issuanceStore, vault }: IssuanceGround): Promise<Set<string>> {
  const rows = await issuanceStore.list('deferred')
  const open = rows.map((row) => openRecord(vault, 'deferred', row))
  return new Set(open.map((deferred) => `${deferred.grant} ${keyOf(deferred)}`))
}

/** Requests of which no copy is left, used or expired. */
export async function runOut(
  { store, clock }: IssuanceGround,
  requests: readonly GrantedRequest[],
): Promise<readonly GrantedRequest[]> {
  const batches = await store.batches(epochSeconds(clock()))
  const usable = new Set(batches.filter(({ remaining }) => remaining > 0).map(({ id }) => id))
  return requests.filter(({ batches: own }) => own.length > 0 && !own.some((id) => usable.has(id)))
}

/** A grant by which platform copies can be fetched. */
type PlatformGrant = {
  readonly row: IssuanceRow
  readonly issuer: string
  readonly request: GrantedRequest
}

/** Who would be asked for a platform's copy; null: no grant that lasts brings any. */
export async function platformIssuer(
  ground: IssuanceGround,
  wish: Pick<CopyWish, 'ward' | 'vct'>,
): Promise<string | null> {
  return (await findPlatformGrant(ground, wish, null))?.issuer ?? null
}

/** A grant that lasts and brings platform copies: the one of before where there is one. */
export async function findPlatformGrant(
  { issuanceStore, vault, clock }: IssuanceGround,
  wish: Pick<CopyWish, 'ward' | 'vct'>,
  before: string | null,
): Promise<PlatformGrant | null> {
  const now = epochSeconds(clock())
  const found: PlatformGrant[] = []
  for (const row of await issuanceStore.list('grant')) {
    const { requests, issuer, tokens } = openRecord(vault, 'grant', row)
    const request = requests.find((it) => brings(it, wish))
    const lasts = tokens.refreshToken !== null || (tokens.expiresAt ?? Infinity) > now
    if (lasts && request !== undefined) found.push({ row, issuer, request })
  }
  return found.find(({ row }) => row.id === before) ?? found[0] ?? null
}

/** A child's copies come by the configuration of their type, the citizen's own by one of two. */
function brings(request: GrantedRequest, { ward, vct }: Pick<CopyWish, 'ward' | 'vct'>): boolean {
  if (ward !== null) return request.ward === ward && request.vct === vct
  return request.ward === undefined && request.configurationId === PLATFORM_CONFIGURATION
}

/** The configuration that brings a platform's copy. */
export function configurationFor({ ward, vct }: CopyWish): string {
  return ward === null ? PLATFORM_CONFIGURATION : wardConfiguration(vct)
}

const own = { ward: null, vct: NETWORK_CERTIFICATE } as const

/** There is no way to a platform number without asking the issuer anew. */
export function noGrant(wish: Pick<CopyWish, 'ward' | 'vct'> = own): WalletError {
  const name = configurationFor({ ...wish, platformId: '' })
  return new WalletError(
    'platform_copy_missing',
    'this wallet may not fetch copies with a platform number; ask the issuer for an offer of ' +
      `${name} and receive it once.`,
  )
}
