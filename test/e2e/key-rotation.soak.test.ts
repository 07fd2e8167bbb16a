import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf } from './netcert-process.js'
import { ask, fillWallet, resultOf, startWire, type Wire } from './wire-ground.js'

/** A served folder of lists is read again every ten seconds. */
const REFRESHED_WITHIN = 15_000

describe.concurrent.each([[[]], [['--x5c']]])(
  'a served issuer made with %j whose keys change',
  (initArgs) => {
    let wire: Wire
    beforeAll(async () => {
      wire = await startWire({ initArgs })
    }, 120_000)
    afterAll(() => wire.close())

    const keys = async (...args: string[]) => jsonOf(await wire.at('keys', ...args))
    const publish = async () =>
      jsonOf(await wire.at('publish', '--out', `${wire.issuer}/published`))
    /** Issuer and verdict of one presentation, or the code of its refusal. */
    const shown = async (wallet: string) => {
      const { request_uri, session } = await ask(wire)
      await wire.wallet(wallet, 'present', request_uri, '--yes')
      const run = await resultOf(wire, session)
      const text = run.code === 0 ? run.stdout : run.stderr
      const { issuer, verified, code, error } = JSON.parse(text) as Record<string, unknown>
      return verified === true ? String(issuer) : JSON.stringify(code ?? error)
    }

    it('goes on without being started again: old and new are good, and a revoked key’s are not', async () => {
      await fillWallet(wire, 'old')
      const issuer = await shown('old')
      await keys('next')
      await publish()
      await keys('activate', '--emergency')
      await fillWallet(wire, 'new')
      // Verifiers that have not read the new list yet would refuse: the reason for the 30 days.
      await sleep(REFRESHED_WITHIN)
      expect([await shown('old'), await shown('new')]).toEqual([issuer, issuer])
      await keys('revoke', 'issuer-1')
      await publish()
      await sleep(REFRESHED_WITHIN)
      expect(await shown('old')).not.toBe(issuer)
      expect(await shown('new')).toBe(issuer)
      await keys('revoke', 'issuer-2')
      await expect(fillWallet(wire, 'none')).rejects.toThrow(/exit 1/)
      await keys('next')
      await keys('activate', '--emergency')
      await publish()
      await fillWallet(wire, 'again')
    }, 120_000)
  },
)
