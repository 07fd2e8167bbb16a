import { epochSeconds, type Trust } from '@netcert/credential'
import { issuerAddress } from '@netcert/protocol'
import { WalletError } from './errors.js'
import { ownPauses, pausesOf } from './held-pauses.js'
import { type Grant, type GrantedRequest, openRecord } from './issuance-records.js'
import { endOwnPause } from './pause-records.js'
import type { OpenGrant } from './vci-grant.js'
import type { IssuanceGround } from './vci-ground.js'
import { IssuerRefusal } from './vci-refusals.js'
import { endWardPause } from './ward-records.js'

/**
 * What a refusal comes to where a pause is known of: `certificates_paused` instead of the issuer's bare
 * no. Any other error is given back as it is.
 */
export async function whilePaused(
  ground: IssuanceGround,
  { grant, request }: { readonly grant: OpenGrant; readonly request: GrantedRequest },
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof IssuerRefusal) || error.error !== 'credential_request_denied') return error
  const { credential_issuer: url } = grant.metadata
  if ((await ownPauses(ground)).some(({ issuer }) => issuer === url)) return paused(error)
  const { ward = null } = request
  const names = await namesOf(ground, url)
  const theirs = (await ground.store.batches(epochSeconds(ground.clock()))).filter(
    ({ issuer, ward_id }) => names.includes(issuer) && ward_id === ward,
  )
  const known = await pausesOf(ground, [...theirs, { id: '', issuer: '', ward_id: ward }])
  return known.size > 0 ? paused(error) : error
}

/** An issuer has issued again: the pause that was asked for before that request is over. */
export async function resumed(
  ground: IssuanceGround,
  { grant, request }: { readonly grant: OpenGrant; readonly request: GrantedRequest },
  before: number,
): Promise<void> {
  await endOwnPause(ground, { issuer: grant.metadata.credential_issuer, before })
  if (request.ward !== undefined) await endWardPause(ground, request.ward, before)
}

/** What the certificates of an issuer name as their `iss`: by what its grants brought, and by trust. */
export async function namesOf(ground: IssuanceGround, url: string): Promise<readonly string[]> {
  const { issuanceStore, vault, store, clock } = ground
  const grants: Grant[] = (await issuanceStore.list('grant')).map((row) =>
    openRecord(vault, 'grant', row),
  )
  const theirs = new Set(
    grants
      .filter(({ issuer }) => issuer === url)
      .flatMap(({ requests }) => requests.flatMap(({ batches }) => batches)),
  )
  const batches = await store.batches(epochSeconds(clock()))
  const named = batches.filter(({ id }) => theirs.has(id)).map(({ issuer }) => issuer)
  const trusted = await ground.trust().then(
    (trust) => trustedNames(trust, url),
    () => [],
  )
  return [...new Set([...named, ...trusted])]
}

function trustedNames({ issuers }: Trust, url: string): readonly string[] {
  return [...issuers].flatMap(([did, { entry }]) =>
    issuerAddress(entry.statusUriPrefix) === url ? [did] : [],
  )
}

function paused(cause: unknown): WalletError {
  return new WalletError(
    'certificates_paused',
    'the certificates are paused, and nothing new is issued meanwhile; wait until the pause ends, or ' +
      'go to the counter of the issuer, which can take it back.',
    { cause },
  )
}
