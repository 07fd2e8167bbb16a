import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freshnessPolicies, type Trust } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { memoryReplays, verifyOnce } from '@netcert/verifier'
import { readTrust } from '@netcert/verifier/published-lists'
import { openWallet } from '@netcert/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseNetwork } from '../../scripts/src/network-guard.js'
import {
  AUDIENCE,
  type Ground,
  makeGround,
  mint,
  present,
  publish,
  verifyOptions,
} from './triangle.js'

const launcher = fileURLToPath(new URL('../../scripts/netcert.js', import.meta.url))
const hours = (count: number) => new Date(Date.now() + count * 3_600_000)

let ground: Ground
let wallet: string
let rootDid: string
beforeAll(async () => {
  ground = await makeGround()
  wallet = ground.folder.at('wallet')
  await mint(ground, wallet)
  await mint(ground, wallet, '--copies', 'platform')
  await publish(ground)
  rootDid = readFileSync(join(ground.issuer, 'root.did'), 'utf8').trim()
})
afterAll(() => ground.folder.remove())

const trustAt = (now: Date) => readTrust({ rootDid, listsDir: ground.folder.at('public'), now })

/** Presents a platform copy at a time and verifies it then, with trust read at another. */
async function verifyAt(now: Date, trust: Trust, policy: keyof typeof freshnessPolicies) {
  const { wallet: held, close } = await openWallet({ dir: wallet, clock: () => now, create: false })
  const query = parseQuery(queries['age-over-18'])
  const question = { query, audience: AUDIENCE, nonce: 'n-1', kind: 'platform' as const }
  const { presentation } = await held.present(question)
  await close()
  return verifyOnce({
    ...{ trust, presentation, audience: AUDIENCE, nonce: 'n-1', query, now },
    freshness: freshnessPolicies[policy],
    replays: memoryReplays({ clock: () => now }),
    platform: null,
  })
}

describe('verify offline: from files alone, with the network refused', () => {
  it('verifies in this process while every socket is refused', async () => {
    const guard = refuseNetwork()
    try {
      const now = new Date()
      const result = await verifyAt(now, await trustAt(now), 'strict')
      expect(result.freshness.verdict).toBe('valid')
      expect(guard.attempts()).toBe(0)
    } finally {
      guard.restore()
    }
  })

  it.skipIf(spawnSync('unshare', ['-n', 'true']).status !== 0)(
    'verifies as a command in a machine without any network interface',
    async () => {
      const input = await present(wallet, 'n-2')
      const args = [
        '-n',
        process.execPath,
        launcher,
        'verify',
        '-',
        ...verifyOptions(ground, 'n-2'),
      ]
      const run = spawnSync('unshare', args, { input, encoding: 'utf8' })
      expect(run).toMatchObject({ status: 0, stderr: '' })
    },
  )

  it('says how old its evidence is, as long as the policy allows', async () => {
    const trust = await trustAt(new Date())
    expect((await verifyAt(hours(6), trust, 'strict')).freshness.verdict).toBe('valid')
    const stale = await verifyAt(hours(20), trust, 'grace-24h')
    expect(stale.freshness.verdict).toBe('valid_stale')
    expect(stale.freshness.ageSeconds).toBeGreaterThan(19 * 3600)
    await expect(verifyAt(hours(20), trust, 'strict')).rejects.toMatchObject({
      code: 'status_list_stale',
    })
    await expect(verifyAt(hours(8 * 24), trust, 'flag-72h')).rejects.toMatchObject({
      code: 'status_list_expired',
    })
  })

  it('verifies nothing by a clock that is behind its lists', async () => {
    const trust = await trustAt(new Date())
    await expect(verifyAt(hours(-3), trust, 'grace-24h')).rejects.toMatchObject({
      code: expect.stringMatching(/^(clock_behind|time_not_yet_valid|key_outside_window)$/),
    })
  })
})
