import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTrustDomain, later, type TrustDomain, testNow } from '../../../test/trust-domain.js'
import { readPublishedLists, readTrust } from './published-lists.js'

let domain: TrustDomain
let folder: string

beforeAll(async () => {
  domain = await createTrustDomain()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-lists-'))
})
afterEach(() => rm(folder, { recursive: true }))

const options = () => ({ rootDid: domain.rootDid, listsDir: folder, now: testNow })
const refusal = (code: string) => expect.objectContaining({ code })
const statusIssuedAt = (trust: Awaited<ReturnType<typeof readTrust>>) =>
  [...trust.issuers.values()].flatMap(({ statusLists }) =>
    [...statusLists.values()].map(({ issuedAt }) => new Date(issuedAt * 1000)),
  )

describe('published lists', () => {
  it('become trust', async () => {
    await domain.publish(folder)
    const trust = await readTrust(options())
    expect(trust.issuers.has(domain.issuerDid)).toBe(true)
    expect(statusIssuedAt(trust)).toEqual([testNow])
  })

  it('are enough without any status list', async () => {
    await domain.publish(folder)
    await rm(join(folder, 'status'), { recursive: true })
    expect(statusIssuedAt(await readTrust(options()))).toEqual([])
  })

  it('are refused without a trust list, with an expired one, or one of another root', async () => {
    await expect(readTrust(options())).rejects.toThrow(refusal('lists_unreadable'))
    await domain.publish(folder)
    const now = later(38 * 86_400)
    await expect(readTrust({ ...options(), now })).rejects.toThrow(refusal('trust_list_expired'))
    const { rootDid } = await createTrustDomain()
    await expect(readTrust({ ...options(), rootDid })).rejects.toThrow(
      refusal('trust_list_untrusted'),
    )
  })

  it('are refused when they are no regular files of a sane size', async () => {
    await domain.publish(folder)
    await rm(join(folder, 'trust-list.jwt'))
    await writeFile(join(folder, 'trust-list.jwt'), Buffer.alloc(16 * 1024 * 1024 + 1, 'a'))
    await expect(readTrust(options())).rejects.toThrow(refusal('lists_unreadable'))
  })

  it('leave a bad status list out and keep the good ones', async () => {
    await domain.publish(folder)
    const stranger = await createTrustDomain()
    await writeFile(join(folder, 'status', '2.jwt'), await stranger.statusListToken())
    await writeFile(join(folder, 'status', '3.jwt'), 'rubbish')
    await writeFile(join(folder, 'status', '4.jwt'), Buffer.alloc(4 * 1024 * 1024 + 1, 'a'))
    const { trust, refused } = await readPublishedLists(options())
    expect(statusIssuedAt(trust)).toHaveLength(1)
    expect(refused.map(({ file }) => file)).toEqual(['2.jwt', '3.jwt', '4.jwt'])
    expect(refused[0]?.code).toMatch(/untrusted/)
  })

  it('never go back while they are held', async () => {
    await domain.publish(folder)
    const held = await readTrust(options())
    const older = { issuedAt: later(-3600) }
    await domain.publish(folder, { statusList: await domain.statusListToken(older) })
    const { trust, refused } = await readPublishedLists({ ...options(), held })
    expect(statusIssuedAt(trust)).toEqual([testNow])
    expect(refused).toEqual([{ file: '1.jwt', code: 'status_list_older' }])
  })

  it('never go back after a restart where a state file is kept', async () => {
    const stateFile = join(folder, 'seen.json')
    const kept = { ...options(), stateFile }
    await domain.publish(folder, { trustList: await domain.trustListToken({ sequence: 5 }) })
    await readTrust(kept)

    await domain.publish(folder, {
      trustList: await domain.trustListToken({ sequence: 5 }),
      statusList: await domain.statusListToken({ issuedAt: later(-60) }),
    })
    const { trust, refused } = await readPublishedLists(kept)
    expect(statusIssuedAt(trust)).toEqual([])
    expect(refused).toEqual([{ file: '1.jwt', code: 'status_list_older' }])
    // The clock is judged by the newest list ever seen, not by what is left in the folder.
    expect(trust.timeFloor).toBe(testNow.getTime() / 1000)

    await domain.publish(folder, { trustList: await domain.trustListToken({ sequence: 4 }) })
    await expect(readTrust(kept)).rejects.toThrow(refusal('trust_list_older'))
  })

  it('refuse a state file that was damaged instead of starting from nothing', async () => {
    await domain.publish(folder)
    const stateFile = join(folder, 'seen.json')
    await readTrust({ ...options(), stateFile })
    const text = await readFile(stateFile, 'utf8')
    await writeFile(stateFile, text.slice(0, 10))
    await expect(readTrust({ ...options(), stateFile })).rejects.toThrow(
      refusal('trust_state_unreadable'),
    )
  })
})
