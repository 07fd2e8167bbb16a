import { copyFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { initIssuer } from '@netcert/issuer'
import { atIssuer, issuerFolder } from '../demo/issuing.js'
import type { Drill } from './drill.js'

/** Somebody else can sign certificates. */
export const issuerKeyStolen: Drill = {
  name: 'issuer-key-stolen',
  fault: 'somebody else has the key that certificates are signed with',
  async run(ground) {
    const { place } = ground
    const copy = await ground.mint()
    await ground.publish()
    await ground.accepted('a certificate of the stolen key is good', copy)
    ground.recover('the key is taken back, the next one signs, and the trust list says so')
    await atIssuer(place, async ({ keys }) => {
      await keys.next({ use: 'credential' })
      await keys.activate({ use: 'credential', emergency: true })
      await keys.revoke({ alias: 'issuer-1' })
    })
    await ground.publish()
    const refusals = ['key_revoked']
    await ground.rejected('what the stolen key signed is refused', copy, refusals)
    await ground.accepted('what the new key signs is good', await ground.mint())
  },
}

/** The master key of another folder lies in its place. */
export const wrongMasterKey: Drill = {
  name: 'wrong-master-key',
  fault: 'after a move of machines another master key lies in secrets/',
  async run(ground) {
    const { place } = ground
    const copy = await ground.mint()
    await ground.publish()
    const master = join(issuerFolder(place), 'secrets', 'master.key')
    const safe = join(place.dir, 'master.key')
    const other = join(place.dir, 'other')
    await initIssuer({ dir: other, baseUrl: place.baseUrl, now: place.clock() })
    await rename(master, safe)
    await copyFile(join(other, 'secrets', 'master.key'), master)
    ground.did('the master key of another issuer is in its place')
    await ground.refused('the issuer opens for nothing', ['master_key_wrong'], () => ground.mint())
    await ground.noticed('not_opened')
    await ground.accepted('platforms notice nothing: they need no issuer', copy)
    ground.recover('the right key is put back')
    await rename(safe, master)
    await ground.accepted('the issuer mints again', await ground.mint())
  },
}
