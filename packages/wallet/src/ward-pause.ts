import { epochSeconds } from '@netcert/credential'
import { WalletError } from './errors.js'
import { openRecord } from './issuance-records.js'
import { askForPause, grantBusy } from './pause-asking.js'
import { OpenGrant } from './vci-grant.js'
import type { IssuanceGround } from './vci-ground.js'
import { type HeldWard, noteWardPause, requireWard } from './ward-records.js'

/** A guardian's word that everything about a child is to pause. */
export type WardPauseRequest = {
  /** Id or label of the child. */
  readonly ward: string
  /** When it ends by itself; without it the issuer's enrolment takes it back. */
  readonly until?: Date
}

/**
 * Has the issuer suspend every certificate about a child, whoever holds it: for a lost phone, or when
 * something is wrong. No other guardian has to agree, and no wallet can take it back.
 *
 * @throws WalletError `ward_unknown`, `ward_ended` when no grant of this wallet is about the child,
 *   `issuer_refused`, `platform_copy_pending` while another call is busy with the grant
 * @see docs/formats/guardians.md
 */
export async function pauseWard(
  ground: IssuanceGround,
  { ward: which, until }: WardPauseRequest,
): Promise<HeldWard> {
  const ward = await requireWard(ground, which)
  for (const row of await ground.issuanceStore.list('grant')) {
    const { requests } = openRecord(ground.vault, 'grant', row)
    const request = requests.find((it) => it.ward === ward.id)
    if (request === undefined) continue
    const grant = await OpenGrant.resume(ground, row.id)
    if (grant === undefined) throw grantBusy()
    try {
      const end: { until?: number } = until === undefined ? {} : { until: epochSeconds(until) }
      await askForPause(grant, 'ward-pause', {
        credential_identifier: request.credentialIdentifier,
        ...end,
      })
      const since = epochSeconds(ground.clock())
      await noteWardPause(ground, ward, { since, until: end.until ?? null })
      return ward
    } finally {
      await grant.release()
    }
  }
  throw new WalletError(
    'ward_ended',
    'no grant of this wallet is about that child any more; go to the counter of the issuer.',
  )
}
