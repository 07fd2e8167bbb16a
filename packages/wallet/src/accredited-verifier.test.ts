import { createEmptyStatusList, createStatusList, writeStatus } from '@netcert/credential'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { platformWalletGround } from '../../../test/platform-wallet-ground.js'
import { later } from '../../../test/trust-domain.js'

const ground = platformWalletGround()
const { vci } = ground
const uri = 'https://issuer.example/registrar/status/1'
const facts = [{ path: ['real_person'] }]
const asked = { accredited: { status: { uri, index: 7 } }, claims: facts }

/** The registrar's list, with these entries taken back. */
function registrarList(revoked: readonly number[], issuedAt = later(-3600)): Promise<string> {
  const list = createEmptyStatusList(1, 1024)
  for (const index of revoked) writeStatus(list, index, 1)
  return createStatusList({
    uri,
    bits: 1,
    entries: list.bytes,
    signer: vci.ground.domain.registrar,
    issuedAt,
    expiresAt: later(5 * 86_400, issuedAt),
    ttlSeconds: 43_200,
  })
}

/** Has the wallet work with what was published. */
async function publish(token: string | null): Promise<void> {
  const published = {
    trust: () => vci.ground.domain.trust(),
    statusList: (address: string) => Promise.resolve(address === uri ? token : null),
    statistics: () => Promise.resolve(null),
  }
  ground.use(await vci.open({ published }))
}

const outcome = async () => {
  const { code, previews } = await ground.answer(asked)
  const accredited = previews[0]?.verifier.accredited
  return [code, accredited === false ? false : accredited?.status]
}

describe('an accreditation that can be taken back', () => {
  it('is good by a current list, and unknown without one: the citizen sees which', async () => {
    await publish(await registrarList([3]))
    expect(await outcome()).toEqual(['answered', 'good'])
    await publish(null)
    expect(await outcome()).toEqual(['answered', 'unknown'])
  })

  it('is refused once it was taken back, by an old list too', async () => {
    await publish(await registrarList([7]))
    expect(await outcome()).toEqual(['accreditation_revoked', false])
    vci.ground.now = later(6 * 86_400)
    expect(await outcome()).toEqual(['accreditation_revoked', false])
    expect(await ground.wallet.ledger()).toEqual([])
  })

  it('is not given back by a list older than one that was seen', async () => {
    await publish(await registrarList([3], later(-60)))
    expect(await outcome()).toEqual(['answered', 'good'])
    await publish(await registrarList([3], later(-7200)))
    expect(await outcome()).toEqual(['answered', 'unknown'])
  })

  it('stays taken back once that was seen, with an older list and without any', async () => {
    await publish(await registrarList([7], later(-60)))
    expect(await outcome()).toEqual(['accreditation_revoked', false])
    for (const token of [await registrarList([], later(-7200)), null]) {
      await publish(token)
      expect(await outcome()).toEqual(['accreditation_revoked', false])
    }
    const another = { purposeId: 'another', status: { uri, index: 8 } }
    expect((await ground.answer({ ...asked, accredited: another })).code).toBe('answered')
  })

  it('is judged by the list in a published folder', async () => {
    const listsDir = join(vci.ground.folder, 'public')
    await mkdir(join(listsDir, 'registrar', 'status'), { recursive: true })
    await writeFile(join(listsDir, 'registrar', 'status', '1.jwt'), await registrarList([7]))
    ground.use(await vci.open({ listsDir }))
    expect(await outcome()).toEqual(['accreditation_revoked', false])
  })

  it('asks nobody while it is judged', async () => {
    await publish(await registrarList([3]))
    vci.issuer.asked.splice(0)
    await outcome()
    expect(vci.issuer.asked).toEqual([])
    expect(new Set(ground.server.arrivals.map(({ path }) => path))).toEqual(new Set(['/response']))
  })
})
