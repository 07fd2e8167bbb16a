import { epochSeconds } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { openedForAll } from '../../../../test/opened-for-all.js'

const PLATFORM = 'network-certificate-platform'
const HOUR = 3600
const DAY = 24 * HOUR
const BOUND = { dpopJkt: 'thumbprint-of-the-wallet' }

describe.each(engines)('a citizen who pauses with their wallet, on %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const seconds = () => epochSeconds(test.now)
  const later = (by: number) => {
    test.now = new Date(test.now.getTime() + by * 1000)
  }
  const fetchWith = async (token: string, configuration = PLATFORM) => {
    const keys = await newHolderKeys(1)
    const jwt = await proofsOf(keys, { nonce: await test.nonce(), now: test.now })
    const body = { credential_configuration_id: configuration, proofs: { jwt } }
    return told(await test.post('/credential', { token, body }))
  }
  const told = async (response: Response) => {
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
    return { status: response.status, ...answer }
  }
  const pause = async (token: string, body: object = {}) =>
    told(await test.post('/pause', { token, body }))
  const phone = async () => {
    const token = test.grant(BOUND)
    expect(await fetchWith(token)).toMatchObject({ status: 200 })
    return token
  }
  const desk = () => test.issuer.certificates
  const adult = () => ({ citizen: test.adult })
  const reinstate = () =>
    desk().setStatus({ target: adult(), status: 'valid', reason: 'citizen_asked' })
  const statuses = async () => {
    const batches = test.ground.database.kysely.selectFrom('batches')
    const rows = await batches.select('status').where('list', 'is not', null).execute()
    return new Set(rows.map(({ status }) => status))
  }
  const entries = () =>
    test.ground.database.kysely
      .selectFrom('audit_log')
      .select(['actor', 'subject', 'details'])
      .where('event', '=', 'status_set')
      .orderBy('sequence')
      .execute()

  it('suspends everything they hold on every device, until then', async () => {
    const [mine, other] = [await phone(), await phone()]
    const until = seconds() + DAY
    expect(await pause(mine, { until })).toEqual({ status: 200, since: seconds(), until })
    expect(await statuses()).toEqual(new Set([2]))
    for (const token of [mine, other]) {
      expect(await fetchWith(token)).toMatchObject({
        status: 400,
        error: 'credential_request_denied',
      })
    }
    later(DAY - 1)
    await desk().endDue()
    expect(await fetchWith(other)).toMatchObject({ status: 400 })
    later(1)
    expect(await desk().endDue()).toBeGreaterThan(0)
    expect(await statuses()).toEqual(new Set([0]))
    // The grants are as they were: nobody has to fetch an offer again.
    expect(await fetchWith(mine)).toMatchObject({ status: 200 })
  })

  it('is on record as a citizen by random references, and once for what stands already', async () => {
    const token = await phone()
    const before = (await entries()).length
    const until = seconds() + DAY
    const first = await pause(token, { until })
    later(60)
    expect(await pause(token, { until })).toEqual(first)
    expect(await pause(token, { until: until - HOUR })).toEqual(first)
    const [entry, ...more] = (await entries()).slice(before)
    expect(more).toEqual([])
    const person = await test.ground.database.kysely
      .selectFrom('persons')
      .select('id')
      .where('citizen', '=', test.adult)
      .executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ actor: 'citizen', subject: person.id })
    const details = JSON.parse(entry!.details) as Record<string, unknown>
    expect(details).toMatchObject({ status: 'suspended', reason: 'citizen_asked', until })
    expect(details['device']).toMatch(/^d_/)
    expect(entry!.details).not.toContain(test.adult)
    expect(await test.issuer.auditLog.verify()).toMatchObject({ firstBad: null })
    await reinstate()
  })

  it('is on record once, however many of its requests come at once', async () => {
    const token = await phone()
    const before = (await entries()).length
    const until = seconds() + DAY
    const told = await Promise.all(Array.from({ length: 6 }, () => pause(token, { until })))
    expect(told).toEqual(told.map(() => ({ status: 200, since: seconds(), until })))
    expect((await entries()).length).toBe(before + 1)
    await reinstate()
  })

  it('never shortens a pause of somebody else, and says how long that one lasts', async () => {
    const token = await phone()
    const suspend = (until?: number) =>
      desk().setStatus({
        target: adult(),
        status: 'suspended',
        reason: 'lawful_order',
        ...(until === undefined ? {} : { until: new Date(until * 1000) }),
      })
    const since = seconds()
    const theirs = since + DAY
    await suspend(theirs)
    expect(await pause(token, { until: since + HOUR })).toMatchObject({ since, until: theirs })
    // And one of their own that is longer counts.
    const longer = theirs + DAY
    expect(await pause(token, { until: longer })).toMatchObject({ since, until: longer })
    await suspend()
    expect(await pause(token, { until: since + HOUR })).toMatchObject({ until: null })
    later(3 * DAY)
    await desk().endDue()
    expect(await fetchWith(token)).toMatchObject({ status: 400 })
    await reinstate()
    expect(await fetchWith(token)).toMatchObject({ status: 200 })
  })

  it('waits for the counter where no end was named', async () => {
    const token = await phone()
    expect(await pause(token)).toMatchObject({ status: 200, until: null })
    later(30 * DAY)
    await desk().endDue()
    expect(await fetchWith(token)).toMatchObject({ error: 'credential_request_denied' })
    await reinstate()
    expect(await fetchWith(token)).toMatchObject({ status: 200 })
  })

  it('is refused with an end that has passed, with anything besides, and unreadable', async () => {
    const token = await phone()
    const wrong = { status: 400, error: 'invalid_credential_request' }
    for (const body of [
      { until: seconds() },
      { until: -1 },
      { until: Number.MAX_SAFE_INTEGER },
      { until: '2027' },
      { until: seconds() + DAY, status: 'valid' },
      { citizen: test.child },
      [],
    ]) {
      expect(await pause(token, body)).toMatchObject(wrong)
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = await test.post('/pause', { token, body: 'until=1', headers: form })
    expect(await told(sent)).toMatchObject({ error: 'invalid_credential_request' })
    expect(await fetchWith(token)).toMatchObject({ status: 200 })
  })

  it('is taken from 64 KiB and not from a byte more', async () => {
    const token = await phone()
    const ofLength = (bytes: number) => test.post('/pause', { token, body: '{}'.padEnd(bytes) })
    expect((await ofLength(65_537)).status).toBe(413)
    expect(await fetchWith(token)).toMatchObject({ status: 200 })
    expect((await ofLength(65_536)).status).toBe(200)
    await reinstate()
  })

  it('is refused without a token, by one that is bound to no key, and by one about wards', async () => {
    const token = await phone()
    expect((await test.post('/pause', { body: {} })).status).toBe(401)
    const refused = { status: 401, error: 'invalid_token' }
    expect(await pause('nonsense')).toMatchObject(refused)
    expect(await pause(test.grant({}))).toMatchObject(refused)
    const wards = test.grant({
      ...BOUND,
      configurationIds: [],
      credentialIdentifiers: [
        { identifier: 'ward-certificate:AAAA', configurationId: 'ward-certificate' },
        { identifier: 'guardianship:AAAA', configurationId: 'guardianship' },
      ],
    })
    expect(await pause(wards)).toMatchObject({ status: 400, error: 'credential_request_denied' })
    expect(await fetchWith(token)).toMatchObject({ status: 200 })
  })

  it('is refused to a device that is paused or revoked, and before anything was issued', async () => {
    const [lost, kept] = [await phone(), await phone()]
    const listed = await test.ground.database.kysely
      .selectFrom('devices')
      .select('id')
      .where('grant_hash', '=', `grant-of-${lost}`)
      .executeTakeFirstOrThrow()
    const target = { device: listed.id }
    const set = (status: 'suspended' | 'revoked') =>
      desk().setStatus({ target, status, reason: 'device_lost' })
    await set('suspended')
    expect(await pause(lost)).toMatchObject({ error: 'credential_request_denied' })
    await set('revoked')
    expect(await pause(lost)).toMatchObject({ status: 401, error: 'invalid_token' })
    expect(await fetchWith(kept)).toMatchObject({ status: 200 })
    const nobody = test.grant({ ...BOUND, citizen: test.child })
    expect(await pause(nobody)).toMatchObject({ error: 'credential_request_denied' })
  })
})
