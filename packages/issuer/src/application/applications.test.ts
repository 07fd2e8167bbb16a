import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner, parseJws, signatureAlgorithms } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { type FamilyMember, issuerFamily } from '../../../../test/issuer-family.js'
import { claimsOf } from '../../../../test/numbered-copies.js'
import { encodingsFound } from '../../../../test/value-encodings.js'
import type { LoginCodeMessage } from '../as-login-code.js'
import { purposesDigest } from './purposes.js'
import { createLivenessStatement } from './presence-evidence.js'

const BASE_URL = 'https://issuer.example'

/** What each of them would write. */
const STATED = {
  parent: {
    document: { type: 'resident_id', number: '990217198905047852' },
    family_name: '于',
    given_name: '敏静',
    birthdate: '1989-05-04',
  },
  teen: {
    document: { type: 'passport', number: 'EX7654321' },
    family_name: '王',
    given_name: '小红',
    birthdate: '2010-01-01',
  },
} as const

const consent = () => ({ purposes: purposesDigest(), language: 'zh-CN' })
const application = (changes: object = {}, member: keyof typeof STATED = 'parent') => ({
  ...STATED[member],
  consent: consent(),
  ...changes,
})

describe.each(engines)('an application, %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const desk = () => family.issuer.applications
  const submitted = async (changes: object = {}, member: keyof typeof STATED = 'parent') =>
    (await desk().submit(application(changes, member))).id
  const later = (seconds: number) => {
    family.now = new Date(family.now.getTime() + seconds * 1000)
  }
  const state = async (id: string) => (await desk().show(id)).state

  /** Compared, and seen at the counter. */
  const checked = async (changes: object = {}, face = true) => {
    const id = await submitted(changes)
    await desk().addEvidence(id, 'registry', null)
    await desk().addEvidence(id, 'presence', { counter: { face } })
    return id
  }
  const codeOf = async (id: string) => {
    const sent: LoginCodeMessage[] = []
    const send = async (message: LoginCodeMessage) => void sent.push(message)
    await desk().sendPhoneCode(id, { language: 'zh-CN', sender: { send } })
    return sent[0]
  }
  const networkNumber = async (member: FamilyMember) => {
    const { credentials } = await family.mint({ citizen: family.person(member) })
    return (await claimsOf(credentials[0] ?? '')).get('network_number')
  }
  const provider = async () => {
    const { signer, jwk } = await generateSigner('ES256')
    const providers = [
      { iss: 'https://liveness.example', jwks: { keys: [{ ...jwk, kid: signer.keyId }] } },
    ]
    const file = join(family.test.dir, 'liveness-providers.json')
    await writeFile(file, JSON.stringify({ providers }))
    return (id: string, changes: object = {}) =>
      createLivenessStatement(signer, {
        iss: 'https://liveness.example',
        aud: BASE_URL,
        sub: id,
        face: true,
        live: true,
        iat: Math.floor(family.now.getTime() / 1000),
        jti: 'statement-0001',
        ...changes,
      })
  }

  it('goes from consent to offer, and enrols the person on the strength of it', async () => {
    const id = await checked({ assurance: 'document+face' })
    expect(await state(id)).toBe('checked')
    expect(await desk().decide(id)).toEqual({ state: 'approved', assurance: 'document+face' })
    const offer = await desk().offer(id)
    expect(offer).toMatchObject({ isNew: true, citizen: family.person('parent') })
    expect(offer.offerUri).toContain('openid-credential-offer://')
    expect(await state(id)).toBe('offered')
    const other = await desk().offer(id)
    expect(other.isNew).toBe(false)
    expect(other.offer).not.toBe(offer.offer)
  })

  it('is receipted: what was consented to, when, and nothing that was stated', async () => {
    const { id, receipt } = await desk().submit(application())
    const { header, payload } = parseJws(receipt, { algorithms: signatureAlgorithms, maxDepth: 4 })
    expect(header['typ']).toBe('netcert-consent+jwt')
    expect(payload).toMatchObject({ jti: id, purposes: purposesDigest(), language: 'zh-CN' })
    expect(JSON.stringify(payload)).not.toContain('敏静')
    expect(JSON.stringify(payload)).not.toContain('990217')
  })

  it('is compared exactly, and else in normal form', async () => {
    const cases = [
      [{}, 'exact'],
      [{ document: { type: 'resident_id', number: ' 990217198905047852' } }, 'exact'],
      [{ given_name: '于 敏静', family_name: '' }, 'normalised'],
      [{ given_name: '敏·静' }, 'normalised'],
    ] as const
    for (const [changes, outcome] of cases) {
      const id = await submitted(changes)
      const added = await desk().addEvidence(id, 'registry', null)
      expect(added).toMatchObject({ passed: true, outcome })
    }
  })

  it('that differs from the authentic source is refused for good', async () => {
    const number = STATED.parent.document.number
    const cases = [
      [{ document: { type: 'passport', number: 'EX0000001' } }, 'registry_unknown'],
      [{ given_name: '敏' }, 'registry_name'],
      [{ document: STATED.teen.document }, 'registry_name'],
      [{ document: { type: 'taiwan_resident_permit', number } }, 'registry_document_type'],
      [{ ...STATED.teen, birthdate: '2010-01-02' }, 'registry_birthdate'],
    ] as const
    for (const [changes, reason] of cases) {
      const id = await submitted(changes)
      const added = await desk().addEvidence(id, 'registry', null)
      expect(added).toMatchObject({ passed: false, outcome: reason, missing: reason })
      expect(await desk().decide(id)).toMatchObject({ state: 'refused', reason })
      await expect(desk().offer(id)).rejects.toMatchObject({ code: 'application_state' })
    }
  })

  it('is refused with what is missing, and an operator refuses by a code but never approves', async () => {
    const nothing = await submitted()
    expect(await desk().decide(nothing)).toMatchObject({ reason: 'registry_missing' })
    const half = await submitted()
    await desk().addEvidence(half, 'registry', null)
    expect(await desk().decide(half)).toMatchObject({ reason: 'evidence_missing' })
    const faceless = await checked({ assurance: 'document+face' }, false)
    expect(await desk().decide(faceless)).toMatchObject({ reason: 'face_missing' })
    const doubted = await checked()
    await expect(desk().decide(doubted, 'dislike')).rejects.toMatchObject({
      code: 'application_reason_unknown',
    })
    expect(await desk().decide(doubted, 'identity_doubtful')).toMatchObject({ state: 'refused' })
    await expect(desk().decide(doubted)).rejects.toMatchObject({ code: 'application_state' })
  })

  it('of a minor needs a guardian, and that of an adult has none', async () => {
    const id = await submitted({ guardian: { applies: true } }, 'teen')
    await desk().addEvidence(id, 'registry', null)
    await desk().addEvidence(id, 'presence', { counter: { face: true } })
    expect(await desk().decide(id)).toMatchObject({ reason: 'guardian_missing' })
    const adult = await checked({ guardian: { applies: true } })
    expect(await desk().decide(adult)).toMatchObject({ reason: 'guardian_for_adult' })
  })

  it('takes each kind of evidence once, and only while it is open', async () => {
    const id = await checked()
    await expect(desk().addEvidence(id, 'registry', null)).rejects.toMatchObject({
      code: 'evidence_repeated',
    })
    await desk().decide(id)
    await expect(desk().addEvidence(id, 'phone', { code: '000000' })).rejects.toMatchObject({
      code: 'application_state',
    })
    await expect(desk().addEvidence('f_nobody', 'registry', null)).rejects.toMatchObject({
      code: 'application_unknown',
    })
  })

  it('counts evidence for seven days', async () => {
    const id = await checked()
    later(7 * 86_400 + 1)
    expect(await desk().decide(id)).toMatchObject({ reason: 'evidence_stale' })
  })

  it('is proved by a code to the number on record, five guesses each', async () => {
    const id = await submitted()
    await expect(codeOf(id)).rejects.toMatchObject({ code: 'evidence_registry_first' })
    await desk().addEvidence(id, 'registry', null)
    const message = await codeOf(id)
    expect(message).toMatchObject({ phone: '10009155296', citizen: family.person('parent') })
    const wrong = message?.code === '111111' ? '222222' : '111111'
    await expect(desk().addEvidence(id, 'phone', { code: wrong })).rejects.toMatchObject({
      code: 'evidence_code_wrong',
    })
    const other = await submitted()
    await desk().addEvidence(other, 'registry', null)
    await expect(
      desk().addEvidence(other, 'phone', { code: message?.code ?? '' }),
    ).rejects.toMatchObject({ code: 'evidence_codes_spent' })
    expect(await desk().addEvidence(id, 'phone', { code: message?.code ?? '' })).toMatchObject({
      state: 'checked',
    })
  })

  it('is proved by the word of a provider, for this application, now, and once', async () => {
    const say = await provider()
    const id = await submitted()
    await desk().addEvidence(id, 'registry', null)
    const at = Math.floor(family.now.getTime() / 1000)
    const stranger = await generateSigner('ES256')
    const bad: readonly string[] = [
      await say(id, { aud: 'https://elsewhere.example' }),
      await say('f_another'),
      await say(id, { iat: at - 901 }),
      await say(id, { iat: at + 120 }),
      await say(id, { live: false }),
      await say(id, { name: '于敏静' }),
      await createLivenessStatement(stranger.signer, {
        ...{ iss: 'https://liveness.example', aud: BASE_URL, sub: id, jti: 'statement-2' },
        ...{ face: true, live: true, iat: at },
      }),
      'x.y.z',
    ]
    for (const statement of bad) {
      await expect(desk().addEvidence(id, 'presence', { statement })).rejects.toMatchObject({
        code: 'evidence_statement_invalid',
      })
    }
    const added = await desk().addEvidence(id, 'presence', { statement: await say(id) })
    expect(added).toMatchObject({ outcome: 'provider_face', state: 'checked' })
    const second = await submitted()
    await desk().addEvidence(second, 'registry', null)
    await expect(
      desk().addEvidence(second, 'presence', { statement: await say(second) }),
    ).rejects.toMatchObject({ code: 'evidence_statement_used' })
  })

  it('of somebody enrolled needs phone, presence or contact, and keeps number and salt', async () => {
    const first = await checked()
    await desk().decide(first)
    await desk().offer(first)
    const number = await networkNumber('parent')
    const again = await submitted()
    await desk().addEvidence(again, 'registry', null)
    expect((await desk().show(again)).missing).toBe('evidence_missing')
    await desk().addEvidence(again, 'presence', { counter: { face: true } })
    await desk().decide(again)
    expect(await desk().offer(again)).toMatchObject({ isNew: false })
    expect(await networkNumber('parent')).toBe(number)
  })

  it('can be withdrawn until there is a certificate, and takes a new person along', async () => {
    const id = await checked()
    await desk().decide(id)
    await desk().offer(id)
    await desk().withdraw(id)
    expect(await state(id)).toBe('withdrawn')
    await expect(family.issuer.erasure.cancel(family.person('stranger'))).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
    await expect(desk().withdraw(id)).rejects.toMatchObject({ code: 'application_state' })
    const early = await submitted()
    await desk().withdraw(early)
    await expect(desk().addEvidence(early, 'registry', null)).rejects.toMatchObject({
      code: 'application_state',
    })
  })

  it('is decided once by many at once', async () => {
    const id = await checked()
    const decisions = await Promise.allSettled(
      Array.from({ length: 6 }, (_, at) => desk().decide(id, at % 2 ? 'not_voluntary' : undefined)),
    )
    expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('leaves no plaintext behind, open or decided', async () => {
    const id = await checked()
    await submitted({ given_name: '敏静 ' })
    await desk().decide(id)
    for (const name of await readdir(family.folder, { recursive: true })) {
      const bytes = await readFile(join(family.folder, name)).catch(() => Buffer.alloc(0))
      for (const value of ['990217198905047852', '敏静', '10009155296']) {
        expect({ name, found: encodingsFound(bytes, value) }).toEqual({ name, found: [] })
      }
    }
  })
})
