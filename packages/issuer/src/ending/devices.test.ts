import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { openedForAll } from '../../../../test/opened-for-all.js'

const PLATFORM = 'network-certificate-platform'

describe.each(engines)('two devices of one citizen, on %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const fetchWith = async (token: string, configuration = PLATFORM) => {
    const keys = await newHolderKeys(1)
    const jwt = await proofsOf(keys, { nonce: await test.nonce(), now: test.now })
    const body = { credential_configuration_id: configuration, proofs: { jwt } }
    const response = await test.post('/credential', { token, body })
    const answer = (await response.json().catch(() => ({}))) as { error?: string }
    return { status: response.status, error: answer.error }
  }
  const devices = () => test.issuer.ending.devices(test.adult)
  const batches = () =>
    test.ground.database.kysely
      .selectFrom('batches')
      .select(['id', 'device', 'status'])
      .where('device', 'is not', null)
      .execute()
  const set = (device: string, status: 'revoked' | 'suspended' | 'valid', reason: string) =>
    test.issuer.certificates.setStatus({ target: { device }, status, reason })
  const twoDevices = async () => {
    const known = new Set((await devices()).map(({ device }) => device))
    const [phone, tablet] = [test.grant({}), test.grant({ attested: true })]
    expect(await fetchWith(phone)).toMatchObject({ status: 200 })
    expect(await fetchWith(tablet)).toMatchObject({ status: 200 })
    const made = (await devices()).filter(({ device }) => !known.has(device))
    const [first] = made.filter(({ kind }) => kind === 'wallet')
    const [second] = made.filter(({ kind }) => kind === 'attested_wallet')
    return { phone, tablet, lost: first!, kept: second! }
  }

  it('are each listed, and stay the same device when they fetch again', async () => {
    const { phone, lost, kept } = await twoDevices()
    expect([lost, kept]).toMatchObject([
      { state: 'active', batches: 1, ended: null },
      { state: 'active', batches: 1, ended: null },
    ])
    test.now = new Date(test.now.getTime() + 3_600_000)
    await fetchWith(phone)
    const again = (await devices()).find(({ device }) => device === lost.device)
    expect(again).toMatchObject({ batches: 2, createdAt: lost.createdAt })
    expect(again!.lastIssuedAt.getTime()).toBe(lost.lastIssuedAt.getTime() + 3_600_000)
    expect(again!.lastIssuedAt.getTime() % 3_600_000).toBe(0)
  })

  it('are revoked one without the other, and the lost one fetches nothing more', async () => {
    const { phone, tablet, lost, kept } = await twoDevices()
    const report = await set(lost.device, 'revoked', 'device_lost')
    expect(report).toMatchObject({ changed: 1, devicesEnded: 1 })
    expect(await fetchWith(phone)).toEqual({ status: 401, error: 'invalid_token' })
    expect(await fetchWith(tablet)).toMatchObject({ status: 200 })
    const rows = await batches()
    const of = (device: string) => rows.filter((row) => row.device === device)
    expect(of(lost.device).map(({ status }) => status)).toEqual([1])
    expect(of(kept.device).map(({ status }) => status)).toEqual([0, 0])
    const listed = await devices()
    expect(listed.find(({ device }) => device === lost.device)).toMatchObject({
      state: 'ended',
      batches: 0,
      ended: { reason: 'device_lost' },
    })
    await expect(set(lost.device, 'revoked', 'device_lost')).rejects.toMatchObject({
      code: 'device_ended',
    })
    await expect(set(lost.device, 'valid', 'device_found')).rejects.toMatchObject({
      code: 'device_ended',
    })
    await expect(set('d_none', 'revoked', 'device_lost')).rejects.toMatchObject({
      code: 'device_unknown',
    })
  })

  it('are suspended one without the other, until that is taken back', async () => {
    const { phone, tablet, lost } = await twoDevices()
    await set(lost.device, 'suspended', 'device_lost')
    expect(await fetchWith(phone)).toEqual({ status: 400, error: 'credential_request_denied' })
    expect(await fetchWith(tablet)).toMatchObject({ status: 200 })
    expect(await set(lost.device, 'valid', 'device_found')).toMatchObject({ changed: 1 })
    expect(await fetchWith(phone)).toMatchObject({ status: 200 })
  })

  it('end together when everything is revoked for a lost phone, and stay where facts changed', async () => {
    const { phone, tablet } = await twoDevices()
    const target = { citizen: test.adult }
    const revoke = (reason: string) =>
      test.issuer.certificates.setStatus({ target, status: 'revoked', reason })
    expect(await revoke('facts_changed')).toMatchObject({ devicesEnded: 0 })
    expect(await fetchWith(phone)).toMatchObject({ status: 200 })
    expect((await revoke('device_lost')).devicesEnded).toBeGreaterThan(1)
    for (const token of [phone, tablet]) {
      expect(await fetchWith(token)).toEqual({ status: 401, error: 'invalid_token' })
    }
    const grants = await test.ground.database.kysely
      .selectFrom('as_records')
      .select('id')
      .where('model', '=', 'Grant')
      .execute()
    expect(grants).toEqual([])
    expect((await devices()).filter(({ state }) => state !== 'ended')).toEqual([])
    // A phone that is enrolled afterwards is a device of its own.
    expect(await fetchWith(test.grant({}))).toMatchObject({ status: 200 })
  })

  it('keep nothing back from a revocation that comes while they fetch', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { phone, lost } = await twoDevices()
      const fetching = [fetchWith(phone), fetchWith(phone), fetchWith(phone)]
      await set(lost.device, 'revoked', 'device_lost')
      const answers = await Promise.all(fetching)
      for (const { status, error } of answers) {
        expect(['200 undefined', '401 invalid_token', '400 credential_request_denied']).toContain(
          `${status} ${error}`,
        )
      }
      const rows = (await batches()).filter(({ device }) => device === lost.device)
      expect(rows.every(({ status }) => status === 1)).toBe(true)
    }
  })
})
