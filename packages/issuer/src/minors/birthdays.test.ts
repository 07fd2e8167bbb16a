import { join } from 'node:path'
import { GUARDIANSHIP, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { ageOn, civilDateAt } from '../civil-date.js'
import type { IssuerGround } from '../issuer-assembly.js'
import { openIssuerGround } from '../open.js'
import { openedOffers } from '../opened-offers.js'
import { createPersonStore } from '../person-store.js'
import { type Birthdays, createBirthdays, stageOf } from './birthdays.js'
import { createHandoverStore } from './handover-store.js'
import { createMinorStore } from './minors-store.js'
import { createWardGrantStore } from './ward-grant-store.js'

const DAY = 86_400
/** Midnight in Asia/Shanghai that begins the child's 14th birthday, and the teen's 18th. */
const FOURTEEN = new Date('2028-03-02T16:00:00Z')
const EIGHTEEN = new Date('2027-12-31T16:00:00Z')

const before = (instant: Date, seconds: number): Date =>
  new Date(instant.getTime() - seconds * 1000)

describe('the stage of a minor', () => {
  it.each([
    ['the second before the 14th birthday', '2012-06-15', '2026-06-14T15:59:59Z', 'ward'],
    ['midnight of the 14th birthday', '2012-06-15', '2026-06-14T16:00:00Z', 'guarded'],
    ['noon of the day before, elsewhere', '2012-06-15', '2026-06-14T12:00:00-04:00', 'guarded'],
    ['the second before the 18th birthday', '2008-06-15', '2026-06-14T15:59:59Z', 'guarded'],
    ['midnight of the 18th birthday', '2008-06-15', '2026-06-14T16:00:00Z', 'grown'],
    ['29 February: 28 February of a common year', '2012-02-29', '2026-02-28T15:59:59Z', 'ward'],
    ['29 February: 1 March of a common year', '2012-02-29', '2026-02-28T16:00:00Z', 'guarded'],
    ['29 February: the day before full age', '2012-02-29', '2030-02-28T15:59:59Z', 'guarded'],
    ['29 February: full age', '2012-02-29', '2030-02-28T16:00:00Z', 'grown'],
    ['28 February is no leap day', '2012-02-28', '2026-02-27T16:00:00Z', 'guarded'],
    ['new year’s eve', '2012-01-01', '2025-12-31T15:59:59Z', 'ward'],
    ['new year', '2012-01-01', '2025-12-31T16:00:00Z', 'guarded'],
  ])('is judged on the calendar of Asia/Shanghai: %s', (_what, birthdate, instant, stage) => {
    expect(stageOf(ageOn(birthdate, civilDateAt(new Date(instant))))).toBe(stage)
  })
})

describe.each(engines)('a birthday on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const publish = () => family.issuer.publish({ out: join(family.folder, 'public') })
  const wardCopy = () =>
    family.mint({
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
      guardian: family.person('parent'),
    })
  const guardianshipFor = (minor: 'child' | 'teen') =>
    family.mint({
      citizen: family.person(minor),
      type: GUARDIANSHIP,
      copies: 'one-time',
      guardian: family.person('parent'),
    })
  const grounded = async <T>(run: (ground: IssuerGround) => Promise<T>): Promise<T> => {
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    try {
      return await run(ground)
    } finally {
      await close()
    }
  }

  it('ends ward certificates at 14, and hands over to the child and the guardian', async () => {
    const { issuer } = family
    family.now = before(FOURTEEN, DAY)
    const { batch } = await wardCopy()
    family.now = before(FOURTEEN, 1)
    expect(await publish()).toMatchObject({ cameOfAge: 0 })
    expect(await issuer.minors.handovers.list()).toEqual([])
    await wardCopy()
    family.now = FOURTEEN
    expect(await publish()).toMatchObject({ cameOfAge: 2 })
    await expect(wardCopy()).rejects.toMatchObject({ code: 'age_not_allowed' })
    await family.mint({ citizen: family.person('child') })
    await guardianshipFor('child')
    const due = await issuer.minors.handovers.list()
    const [child, parent] = [family.person('child'), family.person('parent')]
    expect(new Set(due.map((it) => `${it.kind} ${it.citizen} ${it.guardian}`))).toEqual(
      new Set([`guardianship ${child} ${parent}`, `own ${child} null`]),
    )
    // No day in it: the day would be a birthday.
    expect(new Set(due.map(({ dueMonth }) => dueMonth.toISOString()))).toEqual(
      new Set(['2028-03-01T00:00:00.000Z']),
    )
    expect(await publish()).toMatchObject({ cameOfAge: 0 })
    expect(await issuer.minors.handovers.list()).toHaveLength(2)
    await grounded(async ({ database }) => {
      const row = await database.kysely
        .selectFrom('batches')
        .select(['status', 'status_reason'])
        .where('id', '=', batch)
        .executeTakeFirst()
      expect(row).toEqual({ status: 1, status_reason: 'came_of_age' })
      const entries = await database.kysely
        .selectFrom('audit_log')
        .select(['event', 'subject', 'details'])
        .where('event', '=', 'came_of_age')
        .execute()
      expect(entries).toHaveLength(1)
      expect(entries[0]!.subject).toMatch(/^p_/)
      expect(JSON.parse(entries[0]!.details)).toMatchObject({ age: 14, revoked: 2 })
    })
  })

  it('ends guardianship at 18: nobody consents for somebody of full age', async () => {
    const { issuer } = family
    family.now = before(EIGHTEEN, 3600)
    await guardianshipFor('teen')
    await publish()
    family.now = EIGHTEEN
    await expect(guardianshipFor('teen')).rejects.toMatchObject({ code: 'age_not_allowed' })
    await publish()
    const due = await issuer.minors.handovers.list()
    expect(due.map(({ kind, guardian }) => [kind, guardian])).toEqual([['grown', null]])
    const wish = { configurationIds: ['guardianship'], ward: family.person('teen') }
    const guardian = family.person('parent')
    expect(await issuer.minors.grants.eligible({ ...wish, guardian })).toEqual([])
    // Their own certificate is theirs as before.
    await family.mint({ citizen: family.person('teen'), type: NETWORK_CERTIFICATE })
  })

  it('ends the grants of guardians for them, and no others', async () => {
    family.now = before(FOURTEEN, 3600)
    await wardCopy()
    await grounded(async ({ database, clock }) => {
      const { grants } = family.issuer.minors
      const guardian = family.person('parent')
      const ends = { lifetimeSeconds: 10 * DAY }
      const expires_at = Math.floor(clock().getTime() / 1000) + 10 * DAY
      const none = { uid: null, grant_id: null, subject_tag: '', sealed: '', consumed_at: null }
      for (const id of ['ward-only', 'mixed']) {
        const row = { ...none, model: 'Grant', id, expires_at }
        await database.kysely.insertInto('as_records').values(row).execute()
      }
      const wish = { guardian, ward: null }
      await grants.put({ ...ends, grantId: 'ward-only' }, { ...wish, configurationIds: WARD })
      const mixed = [...WARD, 'network-certificate']
      await grants.put({ ...ends, grantId: 'mixed' }, { ...wish, configurationIds: mixed })
      expect(await grants.identifiersOf('mixed')).toHaveLength(1)
      family.now = FOURTEEN
      await publish()
      expect(await grants.identifiersOf('ward-only')).toEqual([])
      expect(await grants.identifiersOf('mixed')).toEqual([])
      const left = await database.kysely
        .selectFrom('as_records')
        .select('id')
        .where('model', '=', 'Grant')
        .execute()
      expect(left).toEqual([{ id: 'mixed' }])
    })
  })

  it('is noticed once, however many look at the same moment', async () => {
    family.now = before(FOURTEEN, 3600)
    await wardCopy()
    family.now = FOURTEEN
    const ended = await grounded((one) =>
      grounded(async (other) => {
        const looks = [one, other, one, other].map((ground) => birthdaysOf(ground).keep())
        return Promise.all(looks)
      }),
    )
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await family.issuer.minors.handovers.list()).toHaveLength(2)
  })

  it('leads to one offer for each who takes over', async () => {
    family.now = before(FOURTEEN, 3600)
    await wardCopy()
    family.now = FOURTEEN
    await publish()
    await grounded(async (ground) => {
      const { issuer } = family
      const offers = openedOffers({ ground, issuer })
      for (const { handover } of await issuer.minors.handovers.list()) {
        const offer = await issuer.minors.handovers.offer(handover, offers)
        expect(offer?.offerUri).toContain('openid-credential-offer://')
        expect(await issuer.minors.handovers.offer(handover, offers)).toBeUndefined()
      }
      expect(await issuer.minors.handovers.list()).toEqual([])
      expect(await issuer.minors.handovers.list({ all: true })).toHaveLength(2)
      await expect(issuer.minors.handovers.offer('h_nothing', offers)).rejects.toMatchObject({
        code: 'handover_unknown',
      })
    })
  })
})

describe('minors', () => {
  const family = issuerFamily(databasesOn('sqlite'))

  it('of 14 and more have certificates like everybody else’s', async () => {
    const shapes = []
    for (const member of ['teen', 'parent'] as const) {
      const { credentials } = await family.mint({ citizen: family.person(member) })
      const [jwt = '', ...disclosures] = (credentials[0] ?? '').split('~')
      const text = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()
      const { _sd, ...payload } = JSON.parse(text) as { _sd: readonly string[] }
      shapes.push({
        digests: _sd.length,
        disclosures: disclosures.length,
        members: Object.keys(payload),
      })
      expect(credentials[0]).not.toContain(family.person('parent'))
    }
    expect(shapes[0]).toEqual(shapes[1])
  })
})

const WARD = ['ward-certificate']

function birthdaysOf({ database, vault, audit, clock }: IssuerGround): Birthdays {
  return createBirthdays({
    ...{ vault, audit, clock, persons: createPersonStore(database) },
    ...{ store: createMinorStore(database), handovers: createHandoverStore(database) },
    grants: createWardGrantStore(database),
  })
}
