import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGateTrust } from '@netcert/verifier/gate-open'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePack } from '../../../test/offline/pack-ground.js'
import { createTrustDomain, later, testNow } from '../../../test/trust-domain.js'
import { at, HOUR, NOW, root } from '../../../test/trust-ground.js'

let folder = ''
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-gate-trust-'))
})
afterAll(() => rm(folder, { recursive: true }))

const place = (name: string) => {
  count += 1
  return join(folder, `${count}-${name}`)
}
const rootDid = root.signer.did
const clock = () => NOW

describe('what a gate trusts', () => {
  test('comes from a pack in a file, and no older one is taken after a restart', async () => {
    const [pack, stateFile] = [place('a.ncpack'), place('state.json')]
    await writeFile(pack, await makePack({ seq: 5 }))
    const options = { source: { pack }, rootDid, stateFile, clock }
    const trust = await openGateTrust(options)
    expect(trust.asOf()).toEqual(at(-HOUR))
    expect(trust.trust().issuers.size).toBe(1)
    expect((await openGateTrust(options)).asOf()).toEqual(at(-HOUR))
    await writeFile(pack, await makePack({ seq: 4, issuedAt: at(-2 * HOUR) }))
    await expect(openGateTrust(options)).rejects.toMatchObject({ code: 'pack_older' })
  })

  test('is brought up to date while the gate runs, and stays where that fails', async () => {
    const [pack, stateFile] = [place('a.ncpack'), place('state.json')]
    await writeFile(pack, await makePack({ seq: 1 }))
    const trust = await openGateTrust({ source: { pack }, rootDid, stateFile, clock })
    await writeFile(pack, 'half a pack')
    await expect(trust.refresh()).rejects.toMatchObject({ code: 'pack_malformed' })
    expect(trust.asOf()).toEqual(at(-HOUR))
    await writeFile(pack, await makePack({ seq: 2, issuedAt: at(-60) }))
    await trust.refresh()
    expect(trust.asOf()).toEqual(at(-60))
  })

  test('comes from a folder of packs, and not from an empty one', async () => {
    const [pack, stateFile] = [place('packs'), place('state.json')]
    await mkdir(pack)
    const options = { source: { pack }, rootDid, stateFile, clock }
    await expect(openGateTrust(options)).rejects.toMatchObject({ code: 'pack_unreadable' })
    await writeFile(join(pack, '1.ncpack'), await makePack())
    expect((await openGateTrust(options)).trust().trustList.rootDid).toBe(rootDid)
  })

  test('is refused under another root', async () => {
    const [pack, stateFile] = [place('a.ncpack'), place('state.json')]
    await writeFile(pack, await makePack())
    const { rootDid: other } = await createTrustDomain()
    const opened = openGateTrust({ source: { pack }, rootDid: other, stateFile, clock })
    await expect(opened).rejects.toMatchObject({ code: 'pack_root' })
  })

  test('comes from published lists, as old as their newest status list', async () => {
    const domain = await createTrustDomain()
    const [lists, stateFile] = [place('public'), place('state.json')]
    await domain.publish(lists)
    const options = { source: { lists }, rootDid: domain.rootDid, stateFile }
    const trust = await openGateTrust({ ...options, clock: () => later(60) })
    expect(trust.asOf()).toEqual(testNow)
    await trust.refresh()
    await rm(join(lists, 'trust-list.jwt'))
    await expect(trust.refresh()).rejects.toMatchObject({ code: 'lists_unreadable' })
    expect(trust.trust().trustList.sequence).toBe(1)
  })
})
