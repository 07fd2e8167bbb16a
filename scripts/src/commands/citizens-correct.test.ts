import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { type Ground, makeGround, mint } from '../../../test/e2e/triangle.js'

let ground: Ground
let citizen: string
beforeAll(async () => {
  ground = await makeGround()
  citizen = ground.citizens[0] ?? ''
  await mint(ground, ground.folder.at('wallet'), '--copies', 'platform')
})
afterAll(() => ground.folder.remove())

const correct = (correction: unknown, ...more: string[]) =>
  netcert(
    ['citizens', 'correct', '--dir', ground.issuer, '--citizen', citizen, '-', '--json', ...more],
    { input: typeof correction === 'string' ? correction : JSON.stringify(correction) },
  )
const contact = (...args: string[]) =>
  netcert(['person', 'contact', ...args, '--dir', ground.issuer, '--json'])

describe('citizens correct', () => {
  it('changes what is written, once, and revokes what states the old', async () => {
    const change = { residence_region: 'TW' }
    expect(jsonOf(await correct(change))).toEqual({
      citizen,
      changed: ['residence_region'],
      person: true,
      revoked: 1,
      without_status: 0,
    })
    expect(errorOf(await correct(change))).toMatchObject({ code: 'nothing_to_change', exit: 1 })
  })

  it('lists each field that is wrong, in both languages, and shows no value', async () => {
    const run = await correct({ birthdate: '1990-01-01', phone: '12345' })
    expect(errorOf(run)).toMatchObject({
      code: 'correction_invalid',
      exit: 2,
      findings: [{ field: 'birthdate', code: 'correction_unknown' }],
    })
    expect(run.stderr).not.toContain('1990')
    const phone = await netcert(
      [
        ...['citizens', 'correct', '--dir', ground.issuer, '--citizen', citizen, '-'],
        ...['--lang', 'zh-CN'],
      ],
      { input: '{"phone":"12345"}' },
    )
    expect(phone.stderr).toContain('phone: 电话号码不正确。')
    expect(phone.stderr).not.toContain('12345')
    expect(errorOf(await correct('{"phone":'))).toMatchObject({ code: 'not_json', exit: 2 })
  })
})

describe('person contact', () => {
  it('asks, lists and removes, and takes no answer that is none', async () => {
    const asked = jsonOf<{ contact: string; link: string }>(
      await contact('ask', '--citizen', citizen),
    )
    expect(asked.link).toMatch(/^netcert-recovery:[\w-]+$/)
    const file = ground.folder.at('lists.txt')
    const listed = jsonOf(await contact('list', '--citizen', citizen))
    expect(listed).toMatchObject({ contacts: [{ contact: asked.contact, state: 'asked' }] })
    expect(errorOf(await contact('accept', asked.contact, file)).code).toBe('file_missing')
    const nonsense = netcert(
      ['person', 'contact', 'accept', asked.contact, '-', '--dir', ground.issuer, '--json'],
      { input: 'eyJ.eyJ.x~' },
    )
    expect(errorOf(await nonsense)).toMatchObject({ code: 'presentation_refused' })
    expect(jsonOf(await contact('remove', asked.contact))).toMatchObject({ removed: true })
    expect(errorOf(await contact('remove', asked.contact))).toMatchObject({
      code: 'contact_request_unknown',
      exit: 2,
    })
  })
})
