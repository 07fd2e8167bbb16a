import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { atIssuer, issuerFolder, type Place, publicFolder } from '../demo/issuing.js'
import type { Drill } from './drill.js'

const DAY = 86_400

/** The trust list runs out over a holiday, with the root key in its safe. */
export const trustListExpiring: Drill = {
  name: 'trust-list-expiring',
  fault: 'nobody brought the root key for a month, and the trust list runs out',
  async run(ground) {
    const root = join(issuerFolder(ground.place), 'secrets', 'root.key')
    const safe = join(ground.place.dir, 'root.key')
    const copy = await ground.mint()
    await ground.publish()
    await rename(root, safe)
    ground.did('the root key is put into the safe')
    ground.wait(16 * DAY)
    await ground.publish()
    await ground.accepted('half its life later it still holds', copy)
    const young = await ground.mint()
    await ground.noticed('trust_list_expires_soon')
    ground.wait(15 * DAY)
    const expired = ['trust_list_expired', 'root_key_needed']
    await ground.refused('publishing goes on, and says what it could not sign', expired, () =>
      ground.publish(),
    )
    await ground.noticed('trust_list_expired')
    await ground.rejected('platforms refuse everybody', young, ['trust_list_expired'])
    ground.recover('the root key is brought, and the lists are published')
    await rename(safe, root)
    await ground.publish()
    await ground.accepted('platforms accept again', await ground.mint())
  },
}

/** Lists cannot be signed; verifiers live on the last ones. */
export const statusKeyLost: Drill = {
  name: 'status-key-lost',
  fault: 'the key of the status lists cannot be used any more',
  async run(ground) {
    const { place } = ground
    const root = join(issuerFolder(place), 'secrets', 'root.key')
    const safe = join(place.dir, 'root.key')
    const copy = await ground.mint()
    await ground.publish()
    await rename(root, safe)
    await atIssuer(place, ({ keys }) => keys.revoke({ alias: 'status-1' }))
    ground.did('the status key is gone; the root key is in its safe')
    await refusedToSign(ground, place)
    await ground.accepted('platforms live on the last list', copy)
    ground.wait(8 * DAY)
    await ground.noticed('status_list_expired')
    await ground.rejected('after a week they refuse', copy, STALE)
    ground.recover('another key is made and activated, and the root key is brought')
    await rename(safe, root)
    await atIssuer(place, async ({ keys }) => {
      await keys.next({ use: 'status' })
      await keys.activate({ use: 'status', emergency: true })
    })
    await ground.publish()
    await ground.accepted('platforms accept again', copy)
  },
}

const STALE: readonly string[] = ['status_list_expired', 'status_list_stale']

async function refusedToSign(ground: Parameters<Drill['run']>[0], place: Place): Promise<void> {
  const publishing = () => atIssuer(place, (issuer) => issuer.publish({ out: publicFolder(place) }))
  const said = 'publishing says at once that no list could be signed'
  await ground.refused(said, ['signing_key_none'], publishing)
}

/** The machine's clock is wrong by a day, in either direction. */
export const clockOff: Drill = {
  name: 'clock-off-by-a-day',
  fault: 'a clock is a day behind, then a day ahead',
  async run(ground) {
    const copy = await ground.mint()
    await ground.publish()
    ground.wait(-DAY - 3600)
    await ground.noticed('clock_behind')
    await ground.rejected('a platform whose clock is behind takes nobody', copy, BEHIND)
    ground.wait(2 * (DAY + 3600))
    await ground.accepted('a day ahead, within the grace of a day, it takes the last list', copy)
    ground.wait(DAY)
    await ground.rejected('two days ahead it has no fresh list', copy, STALE)
    ground.recover('the clock is set from a time server')
    ground.wait(-2 * DAY - 3600)
    await ground.publish()
    await ground.accepted('everybody is taken again', copy)
  },
}

const BEHIND: readonly string[] = ['time_not_yet_valid', 'clock_behind']
