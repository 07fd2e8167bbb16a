import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJws, signatureAlgorithms } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { applicationGround, TEEN } from '../../../../test/application-ground.js'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { encodingsFound } from '../../../../test/value-encodings.js'
import { purposesDigest } from './purposes.js'

const DAY = 86_400

describe.each(engines)('an application, %s', (engine) => {
  const ground = applicationGround(databasesOn(engine))
  const desk = () => ground.issuer.applications
  const state = async (id: string) => (await desk().show(id)).state
  const compare = (id: string) => desk().addEvidence(id, 'registry', null)

  it('goes from consent to offer, and enrols the person on the strength of it', async () => {
    const id = await ground.checked(ground.applicant(), { assurance: 'document+face' })
    expect(await state(id)).toBe('checked')
    expect(await desk().decide(id)).toEqual({ state: 'approved', assurance: 'document+face' })
    const offer = await desk().offer(id)
    expect(offer.isNew).toBe(true)
    expect(offer.offerUri).toContain('openid-credential-offer://')
    expect(await state(id)).toBe('offered')
    const other = await desk().offer(id)
    expect(other.isNew).toBe(false)
    expect(other.offer).not.toBe(offer.offer)
  })

  it('is receipted: what was consented to, when, and nothing that was stated', async () => {
    const { phone: _, ...stated } = ground.applicant()
    const consent = { purposes: purposesDigest(), language: 'en' }
    const { id, receipt } = await desk().submit({ ...stated, consent })
    const { header, payload } = parseJws(receipt, { algorithms: signatureAlgorithms, maxDepth: 4 })
    expect(header['typ']).toBe('netcert-consent+jwt')
    expect(payload).toMatchObject({ jti: id, purposes: purposesDigest(), language: 'en' })
    expect(JSON.stringify(payload)).not.toContain(stated.given_name)
    expect(JSON.stringify(payload)).not.toContain(stated.document.number)
  })

  it('that is malformed or consents to something else is not taken in', async () => {
    const before = (await desk().list({ limit: 1000 })).length
    const stated = ground.applicant()
    await expect(ground.submit(stated, { religion: 'none' })).rejects.toMatchObject({
      code: 'application_invalid',
    })
    const consent = { purposes: 'x'.repeat(43), language: 'en' }
    await expect(ground.submit(stated, { consent })).rejects.toMatchObject({
      findings: [{ field: 'consent.purposes', code: 'purposes_outdated' }],
    })
    expect(await desk().list({ limit: 1000 })).toHaveLength(before)
  })

  it('is compared exactly, and else in normal form', async () => {
    const stated = ground.applicant()
    const { number } = stated.document
    const given = stated.given_name
    const cases = [
      [{}, 'exact'],
      [{ document: { type: 'passport', number: ` ${number.toLowerCase()}` } }, 'exact'],
      [{ given_name: `${stated.family_name} ${given}`, family_name: '' }, 'normalised'],
      [{ given_name: Array.from(given).join('·') }, 'normalised'],
    ] as const
    for (const [changes, outcome] of cases) {
      const added = await compare(await ground.submit(stated, changes))
      expect(added).toMatchObject({ passed: true, outcome })
    }
  })

  it('that differs from the authentic source is refused for good', async () => {
    const stated = ground.applicant()
    const cases = [
      [{ document: { type: 'passport', number: 'EX0000001' } }, 'registry_unknown'],
      [{ given_name: '敏' }, 'registry_name'],
      [{ document: TEEN.document }, 'registry_name'],
      [
        { document: { type: 'mainland_travel_permit_hk_macao', number: 'HX1234567' } },
        'registry_unknown',
      ],
      [{ ...TEEN, birthdate: '2010-01-02' }, 'registry_birthdate'],
    ] as const
    for (const [changes, reason] of cases) {
      const id = await ground.submit(stated, changes)
      expect(await compare(id)).toMatchObject({ passed: false, outcome: reason, missing: reason })
      expect(await desk().decide(id)).toMatchObject({ state: 'refused', reason })
      await expect(desk().offer(id)).rejects.toMatchObject({ code: 'application_state' })
    }
  })

  it('is refused with what is missing, and an operator refuses by a code but never approves', async () => {
    const stated = ground.applicant()
    const nothing = await ground.submit(stated)
    expect(await desk().decide(nothing)).toMatchObject({ reason: 'registry_missing' })
    const half = await ground.submit(stated)
    await compare(half)
    expect(await desk().decide(half)).toMatchObject({ reason: 'evidence_missing' })
    const faceless = await ground.checked(stated, { assurance: 'document+face' }, false)
    expect(await desk().decide(faceless)).toMatchObject({ reason: 'face_missing' })
    const doubted = await ground.checked(stated)
    await expect(desk().decide(doubted, 'dislike')).rejects.toMatchObject({
      code: 'application_reason_unknown',
    })
    expect(await desk().decide(doubted, 'identity_doubtful')).toMatchObject({ state: 'refused' })
    await expect(desk().decide(doubted)).rejects.toMatchObject({ code: 'application_state' })
  })

  it('of a minor needs a guardian, and that of an adult has none', async () => {
    const id = await ground.checked(TEEN, { guardian: { applies: true } })
    expect(await desk().decide(id)).toMatchObject({ reason: 'guardian_missing' })
    const adult = await ground.checked(ground.applicant(), { guardian: { applies: true } })
    expect(await desk().decide(adult)).toMatchObject({ reason: 'guardian_for_adult' })
  })

  it('takes each kind of evidence once, and only while it is open', async () => {
    const id = await ground.checked(ground.applicant())
    await expect(compare(id)).rejects.toMatchObject({ code: 'evidence_repeated' })
    await desk().decide(id)
    await expect(desk().addEvidence(id, 'phone', { code: '000000' })).rejects.toMatchObject({
      code: 'application_state',
    })
    await expect(compare('f_nobody')).rejects.toMatchObject({ code: 'application_unknown' })
  })

  it('counts evidence for seven days', async () => {
    const id = await ground.checked(ground.applicant())
    ground.later(7 * DAY + 1)
    expect(await desk().decide(id)).toMatchObject({ reason: 'evidence_stale' })
  })

  it('of somebody enrolled needs one thing more, and keeps number and numbers at platforms', async () => {
    const stated = ground.applicant()
    const first = await ground.checked(stated)
    await desk().decide(first)
    const { citizen } = await desk().offer(first)
    const before = await ground.numbersOf(citizen)
    const again = await ground.submit(stated)
    await compare(again)
    expect((await desk().show(again)).missing).toBe('evidence_missing')
    const message = await ground.codeOf(again)
    await desk().addEvidence(again, 'phone', { code: message?.code ?? '' })
    await desk().decide(again)
    expect(await desk().offer(again)).toMatchObject({ isNew: false, citizen })
    expect(await ground.numbersOf(citizen)).toEqual(before)
  })

  it('can be withdrawn until there is a certificate, and takes a new person along', async () => {
    const id = await ground.checked(ground.applicant())
    await desk().decide(id)
    const { citizen } = await desk().offer(id)
    await desk().withdraw(id)
    expect(await state(id)).toBe('withdrawn')
    // Erased with the withdrawal: what is found is the receipt of that.
    expect((await ground.issuer.erasure.cancel(citizen)).report).toBeNull()
    await expect(desk().withdraw(id)).rejects.toMatchObject({ code: 'application_state' })
    const early = await ground.submit(ground.applicant())
    await desk().withdraw(early)
    await expect(compare(early)).rejects.toMatchObject({ code: 'application_state' })
  })

  it('is decided once by many at once', async () => {
    const id = await ground.checked(ground.applicant())
    const decisions = await Promise.allSettled(
      Array.from({ length: 6 }, (_, at) => desk().decide(id, at % 2 ? 'not_voluntary' : undefined)),
    )
    expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('leaves no plaintext behind, open or decided', async () => {
    const stated = ground.applicant()
    const open = await ground.submit(stated, { given_name: ` ${stated.given_name}` })
    const id = await ground.checked(stated)
    await desk().decide(id)
    expect(await state(open)).toBe('submitted')
    const names = await readdir(ground.folder, { recursive: true })
    for (const name of names) {
      const bytes = await readFile(join(ground.folder, name)).catch(() => Buffer.alloc(0))
      for (const value of [stated.document.number, stated.given_name, stated.phone]) {
        expect({ name, found: encodingsFound(bytes, value) }).toEqual({ name, found: [] })
      }
    }
    expect(names.length).toBeGreaterThan(5)
  })
})
