import { WARD_CERTIFICATE } from '@netcert/credential'
import { type MintOptions, openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { type FamilyMember, issuerFamily } from '../../../../test/issuer-family.js'
import { holderKeys } from '../../../../test/issuer-ground.js'
import { openIssuerGround } from '../open.js'
import { readCustodyOrder } from './custody-order.js'

const PARENT = '990217198905047852'
const STRANGER = 'EX7654322'
const CHILD = '99066420140303098X'
const TEEN = 'EX7654321'
const RACES = 50

describe('a custody order', () => {
  it('names one to four guardians by numbers of any width and case', () => {
    const input = { guardian_document_numbers: [' ex７654322 ', PARENT] }
    expect(readCustodyOrder(input)).toEqual({ guardianNumbers: ['EX7654322', PARENT] })
  })

  it.each([
    [
      'one number twice',
      { guardian_document_numbers: [PARENT, ` ${PARENT} `] },
      'custody_repeated',
    ],
    ['invisible signs', { guardian_document_numbers: ['EX7654\u200B322'] }, 'custody_number'],
    ['a formula', { guardian_document_numbers: ['=1+1+1+1'] }, 'custody_number'],
    ['a number for a text', { guardian_document_numbers: [990217198905] }, 'custody_form'],
    ['nobody', { guardian_document_numbers: [] }, 'custody_form'],
    ['five', { guardian_document_numbers: ['A1', 'A2', 'A3', 'A4', 'A5'] }, 'custody_form'],
    ['a member nobody knows', { guardian_document_numbers: [PARENT], note: '' }, 'custody_form'],
    ['a list', [PARENT], 'custody_form'],
  ])('is refused with %s: field, reason and cure in both languages', (_what, input, code) => {
    const refusal = thrownBy(() => readCustodyOrder(input))
    expect(refusal).toMatchObject({ code: 'custody_invalid' })
    const { findings } = refusal as { findings: readonly Record<string, unknown>[] }
    const both = { 'zh-CN': expect.any(String), en: expect.any(String) }
    const field = expect.stringMatching(/^guardian_document_numbers/)
    expect(findings[0]).toEqual({ code, field, reason: both, cure: both })
    expect(JSON.stringify(refusal)).not.toContain(PARENT)
  })
})

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

describe.each(engines)('a change of custody on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const order = (...numbers: readonly string[]) => ({ guardian_document_numbers: numbers })
  const change = (input: unknown, member: FamilyMember = 'child') =>
    family.issuer.minors.changeCustody({ citizen: family.person(member), input })
  const wardCopy = (guardian: FamilyMember) =>
    family.mint({
      citizen: family.person('child'),
      type: WARD_CERTIFICATE,
      guardian: family.person(guardian),
    })
  const tables = async <T>(
    read: (ground: Awaited<ReturnType<typeof openIssuerGround>>['ground']) => Promise<T>,
  ): Promise<T> => {
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    try {
      return await read(ground)
    } finally {
      await close()
    }
  }

  it('revokes what the former guardian holds, and lets the new one hold', async () => {
    const { batch } = await wardCopy('parent')
    expect(await change(order(STRANGER))).toEqual({
      ...{ guardians: 1, former: 1, revoked: 1, withoutStatus: 0, grantsEnded: 0 },
    })
    await expect(wardCopy('parent')).rejects.toMatchObject({ code: 'guardian_not_linked' })
    await wardCopy('stranger')
    // Again: nothing is left to change.
    expect(await change(order(STRANGER))).toMatchObject({ former: 0, revoked: 0 })
    await tables(async ({ database }) => {
      const rows = await database.kysely
        .selectFrom('batches')
        .select(['id', 'status', 'status_reason'])
        .where('status', '<>', 0)
        .execute()
      expect(rows).toEqual([{ id: batch, status: 1, status_reason: 'custody_changed' }])
      const entries = await database.kysely
        .selectFrom('audit_log')
        .select(['event', 'subject'])
        .where('event', 'in', ['custody_changed', 'status_set'])
        .orderBy('sequence')
        .execute()
      expect(entries.map(({ event }) => event)).toEqual([
        'status_set',
        'custody_changed',
        'custody_changed',
      ])
      expect(entries[0]!.subject).toBe(batch)
      expect(entries[1]!.subject).toMatch(/^p_/)
    })
  })

  it('leaves alone what a guardian holds who stays one', async () => {
    await wardCopy('parent')
    expect(await change(order(PARENT, STRANGER))).toMatchObject({ guardians: 2, revoked: 0 })
    await wardCopy('parent')
    await wardCopy('stranger')
  })

  it('counts before anybody is enrolled, too', async () => {
    expect(await change(order(STRANGER))).toMatchObject({ former: 1, revoked: 0 })
    await expect(wardCopy('parent')).rejects.toMatchObject({ code: 'guardian_not_linked' })
    await wardCopy('stranger')
  })

  it('is refused with guardians who cannot be any, and nothing is changed', async () => {
    const { batch } = await wardCopy('parent')
    const cases = [
      ['EX0000000', 'custody_unknown'],
      [CHILD, 'custody_self'],
      [TEEN, 'custody_minor'],
    ] as const
    for (const [number, code] of cases) {
      const refusal = await change(order(PARENT, number)).catch((error: unknown) => error)
      expect(refusal).toMatchObject({ code: 'custody_invalid' })
      const { findings } = refusal as { findings: readonly Record<string, unknown>[] }
      expect(findings).toMatchObject([{ code, field: 'guardian_document_numbers[1]' }])
      expect(JSON.stringify(refusal)).not.toContain(number)
    }
    const status = await tables(({ database }) =>
      database.kysely
        .selectFrom('batches')
        .select('status')
        .where('id', '=', batch)
        .executeTakeFirst(),
    )
    expect(status).toEqual({ status: 0 })
  })

  it('is refused for whoever has no guardians', async () => {
    await expect(change(order(PARENT), 'stranger')).rejects.toMatchObject({
      code: 'custody_not_minor',
    })
    const nobody = { citizen: 'c_nobody', input: order(PARENT) }
    await expect(family.issuer.minors.changeCustody(nobody)).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
  })

  it(`never leaves a former guardian with a copy that counts, in ${RACES} races`, async () => {
    const clock = () => family.now
    const second = await openIssuer({ dir: family.test.dir, clock })
    const keys = await holderKeys(1)
    const [child, parent] = [family.person('child'), family.person('parent')]
    const people = { citizen: child, guardian: parent, holderJwks: keys }
    const renewal: MintOptions = { ...people, type: WARD_CERTIFICATE, copies: 'platform' }
    const held = { left: 0, ended: 0 }
    for (let race = 0; race < RACES; race += 1) {
      const [renewed] = await Promise.all([
        second.issuer.mint(renewal).catch((error: { code?: string }) => error.code),
        change(order(STRANGER)),
      ])
      expect(['object', 'guardian_not_linked', 'batch_not_valid']).toContain(
        typeof renewed === 'object' ? 'object' : renewed,
      )
      held[typeof renewed === 'object' ? 'ended' : 'left'] += 1
      await change(order(PARENT, STRANGER))
    }
    await change(order(STRANGER))
    await second.close()
    const counted = await tables(({ database }) =>
      database.kysely
        .selectFrom('batches')
        .select('id')
        .where('guardian', '=', parent)
        .where('status', '=', 0)
        .execute(),
    )
    expect(counted).toEqual([])
    expect(held.left + held.ended).toBe(RACES)
  }, 60_000)
})
