import { openAccountDesk, initVerifier } from '@netcert/verifier/server'
import type { AccountKey } from '@netcert/verifier'
import { generateSigner } from '@netcert/credential'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, temporaryFolder } from '../../../test/e2e/netcert-process.js'

const folder = temporaryFolder()
const dir = folder.at('verifier')
const platform = (...args: string[]) => netcert(['platform', ...args, '--dir', dir, '--json'])
const TEXT = '是我本人\u{1b}[2J，在外地出差'

const atDesk = async <T>(
  work: (desk: Awaited<ReturnType<typeof openAccountDesk>>) => Promise<T>,
) => {
  const desk = await openAccountDesk({ dir, clock: () => new Date() })
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}

beforeAll(async () => {
  const { signer } = await generateSigner('ES256')
  const base = { baseUrl: 'http://127.0.0.1:18702', listsDir: folder.at('lists') }
  await initVerifier({ dir, ...base, rootDid: signer.did, now: new Date() })
  // Keys come from accountKeyOf alone; what stands in it does not matter here.
  const key = 'self|P|did:key:z' as AccountKey
  await atDesk(({ accounts }) => accounts.create(key, 'u-1024'))
})
afterAll(() => folder.remove())

describe('the accounts of a platform, for its staff', () => {
  it('are flagged, listed with their appeals, and released by other means', async () => {
    expect(jsonOf(await platform('flags'))).toEqual({ flags: [], appeals: [] })
    const flag = ['flag', 'u-1024', '--reason', 'unusual_place']
    expect(jsonOf(await platform(...flag))).toMatchObject({
      ...{ account: 'u-1024', reason: 'unusual_place' },
    })
    await atDesk(({ accounts }) => accounts.flags.appeal('u-1024', TEXT))
    expect(jsonOf(await platform('flags'))).toMatchObject({
      flags: [{ account: 'u-1024', reason: 'unusual_place', appeals: 1 }],
      appeals: [{ account: 'u-1024', text: TEXT }],
    })
    const shown = await netcert(['platform', 'flags', '--dir', dir])
    expect(shown.stdout).toContain('在外地出差')
    expect(shown.stdout).not.toContain('\u{1b}[2J')
    const release = ['release', 'u-1024', '--by-other-means']
    expect(jsonOf(await platform(...release))).toEqual({
      ...{ account: 'u-1024', released_by: 'other_means' },
    })
    const { events } = jsonOf<{ events: { event: string; detail: string | null }[] }>(
      await platform('flags', '--account', 'u-1024'),
    )
    expect(events.map(({ event }) => event)).toEqual(['created', 'flagged', 'appealed', 'released'])
    expect(events.at(-1)?.detail).toBe('other_means')
  })

  it('are not there, or not flagged, or named with a text for a reason', async () => {
    const refusals = [
      [['flag', 'nobody', '--reason', 'x'], 'account_unknown', 1],
      [['flag', 'u-1024', '--reason', 'Li was rude'], 'request_malformed', 1],
      [['flag', 'u-1024'], 'wrong_use', 2],
      [['release', 'u-1024', '--by-other-means'], 'account_not_flagged', 1],
      [['release', 'u-1024'], 'wrong_use', 2],
      [['flags', '--account', 'nobody'], 'account_unknown', 1],
    ] as const
    for (const [args, code, exit] of refusals) {
      expect(errorOf(await platform(...args))).toMatchObject({ code, exit })
    }
  })
})
