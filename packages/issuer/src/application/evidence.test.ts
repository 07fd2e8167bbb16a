import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSigner } from '@netcert/credential'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { applicationGround } from '../../../../test/application-ground.js'
import { databasesOn } from '../../../../test/database-engines.js'
import { createSampleAuthority, type SampleAuthority } from '../chip/sample-authority.js'
import { createLivenessStatement } from './presence-evidence.js'

const BASE_URL = 'https://issuer.example'
const PROVIDER = 'https://liveness.example'

const ground = applicationGround(databasesOn('sqlite'))
const desk = () => ground.issuer.applications
const compared = async () => {
  const stated = ground.applicant()
  const id = await ground.submit(stated)
  await desk().addEvidence(id, 'registry', null)
  return { id, stated }
}
const refused = (code: string) => expect.objectContaining({ code })

describe('evidence by phone', () => {
  it('is a code to the number on record, for one application, with five guesses', async () => {
    const { id, stated } = await compared()
    const message = await ground.codeOf(id)
    const code = message?.code ?? ''
    expect(message?.phone).toBe(stated.phone)
    const guess = (text: string) => desk().addEvidence(id, 'phone', { code: text })
    const wrong = code === '111111' ? '222222' : '111111'
    await expect(guess(wrong)).rejects.toEqual(refused('evidence_code_wrong'))
    const other = await compared()
    await ground.codeOf(other.id)
    await expect(desk().addEvidence(other.id, 'phone', { code })).rejects.toEqual(
      refused('evidence_code_wrong'),
    )
    expect(await guess(code)).toMatchObject({ passed: true, state: 'checked', missing: null })
  })

  it('is spent after five wrong guesses, and over after five minutes', async () => {
    const { id } = await compared()
    const code = (await ground.codeOf(id))?.code ?? ''
    const wrong = code === '111111' ? '222222' : '111111'
    const guess = (text: string) => desk().addEvidence(id, 'phone', { code: text })
    for (let at = 0; at < 5; at++) await expect(guess(wrong)).rejects.toThrow('code')
    await expect(guess(code)).rejects.toEqual(refused('evidence_codes_spent'))
    const late = await compared()
    const message = await ground.codeOf(late.id)
    ground.later(301)
    await expect(
      desk().addEvidence(late.id, 'phone', { code: message?.code ?? '' }),
    ).rejects.toEqual(refused('evidence_codes_spent'))
  })

  it('waits for the registry comparison', async () => {
    const id = await ground.submit(ground.applicant())
    await expect(ground.codeOf(id)).rejects.toEqual(refused('evidence_registry_first'))
    await expect(desk().addEvidence(id, 'phone', { code: '123456' })).rejects.toEqual(
      refused('evidence_registry_first'),
    )
  })
})

describe('evidence by a liveness provider', () => {
  let say: (id: string, changes?: object) => Promise<string>
  beforeAll(async () => {
    const { signer, jwk } = await generateSigner('ES256')
    const keys = [{ ...jwk, kid: signer.keyId }]
    const file = join(ground.test.dir, 'liveness-providers.json')
    await writeFile(file, JSON.stringify({ providers: [{ iss: PROVIDER, jwks: { keys } }] }))
    say = (id, changes = {}) => createLivenessStatement(signer, { ...statement(id), ...changes })
  })
  const statement = (sub: string) => ({
    ...{ iss: PROVIDER, aud: BASE_URL, sub, face: true, live: true },
    ...{ iat: Math.floor(ground.now.getTime() / 1000), jti: `statement of ${sub}` },
  })

  it('is a signed word for this application, made now, that counts once', async () => {
    const { id } = await compared()
    const text = await say(id, { jti: 'the same' })
    const added = await desk().addEvidence(id, 'presence', { statement: text })
    expect(added).toMatchObject({ outcome: 'provider_face', state: 'checked' })
    const other = await compared()
    await expect(
      desk().addEvidence(other.id, 'presence', {
        statement: await say(other.id, { jti: 'the same' }),
      }),
    ).rejects.toEqual(refused('evidence_statement_used'))
    expect((await desk().show(other.id)).evidence).toHaveLength(1)
  })

  it.each([
    ['for another issuer', { aud: 'https://elsewhere.example' }],
    ['for another application', { sub: 'f_another' }],
    ['by somebody else in its name', { iss: 'https://other.example' }],
    ['that nobody alive was seen', { live: false }],
    ['with more than it may hold', { name: '赵明' }],
    ['older than 15 minutes', { iat: 1 }],
    ['from the future', { iat: 4_000_000_000 }],
  ])('is refused %s', async (_, changes) => {
    const { id } = await compared()
    const text = await say(id, changes)
    await expect(desk().addEvidence(id, 'presence', { statement: text })).rejects.toEqual(
      refused('evidence_statement_invalid'),
    )
    expect((await desk().show(id)).missing).toBe('evidence_missing')
  })

  it('is refused by another key, unsigned, of another kind, or as any text', async () => {
    const { id } = await compared()
    const { signer } = await generateSigner('ES256')
    const good = await say(id)
    const [head = '', body = ''] = good.split('.')
    const kind = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'jwt' })).toString('base64url')
    const texts = [
      await createLivenessStatement(signer, statement(id)),
      `${head}.${body}.${'A'.repeat(86)}`,
      good.replace(head, kind),
      'x.y.z',
      'x'.repeat(20_000),
    ]
    for (const text of texts) {
      await expect(desk().addEvidence(id, 'presence', { statement: text })).rejects.toEqual(
        refused('evidence_statement_invalid'),
      )
    }
  })
})

describe('evidence by a document chip', () => {
  let authority: SampleAuthority
  const chipOf = (documentNumber: string, changes: object = {}) =>
    authority.issue({
      ...{
        format: 'TD3',
        documentCode: 'P',
        documentNumber,
        familyName: 'ZHAO',
        givenName: 'MING',
      },
      ...{ nationality: 'CHN', birthdate: '1985-06-15', sex: 'male', expires: '2030-01-01' },
      ...changes,
    })
  beforeAll(async () => {
    authority = await createSampleAuthority({ now: ground.now })
  })

  it('is refused until a country is trusted', async () => {
    const { id, stated } = await compared()
    const chip = chipOf(stated.document.number)
    await expect(desk().addEvidence(id, 'chip', chip)).rejects.toEqual(
      refused('evidence_chip_unconfigured'),
    )
  })

  it('is genuine and about the person, or it failed for good', async () => {
    await mkdir(join(ground.test.dir, 'csca'))
    await writeFile(join(ground.test.dir, 'csca', 'sample.der'), authority.cscaCertificate)
    const { id, stated } = await compared()
    const chip = chipOf(stated.document.number)
    expect(await desk().addEvidence(id, 'chip', chip)).toMatchObject({ state: 'checked' })
    const other = await compared()
    expect(await desk().addEvidence(other.id, 'chip', chip)).toMatchObject({
      passed: false,
      missing: 'chip_other_document',
    })
    const third = await compared()
    const born = chipOf(third.stated.document.number, { birthdate: '1985-06-16' })
    expect(await desk().addEvidence(third.id, 'chip', born)).toMatchObject({
      missing: 'chip_other_person',
    })
    expect(await desk().decide(third.id)).toMatchObject({ reason: 'chip_other_person' })
  })

  it('that was altered is refused, and can be brought again', async () => {
    const { id, stated } = await compared()
    const chip = chipOf(stated.document.number)
    const sod = Uint8Array.from(chip.sod, (byte, at) =>
      at === chip.sod.length - 1 ? byte ^ 1 : byte,
    )
    await expect(desk().addEvidence(id, 'chip', { ...chip, sod })).rejects.toMatchObject({
      code: expect.stringMatching(/^chip_/),
    })
    expect(await desk().addEvidence(id, 'chip', chip)).toMatchObject({ passed: true })
  })

  it('leaves no byte of the chip behind: database, WAL, audit log, temporary files', async () => {
    const { id, stated } = await compared()
    // A folder for temporary files of its own: in the usual one others make files meanwhile.
    const temporary = await mkdtemp(join(tmpdir(), 'netcert-evidence-'))
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => rm(temporary, { recursive: true }))
    onTestFinished(() => void vi.unstubAllEnvs())
    const chip = chipOf(stated.document.number)
    await desk().addEvidence(id, 'chip', chip)
    await desk().decide(id)
    const marks = [chip.sod, ...chip.dataGroups.values()].map((bytes) =>
      Buffer.from(bytes).subarray(-40),
    )
    const forms = marks.flatMap((mark) => [
      mark,
      ...(['base64', 'base64url', 'hex'] as const).map((form) =>
        Buffer.from(mark.subarray(0, 39).toString(form)),
      ),
    ])
    expect(forms.filter((form) => Buffer.from(chip.sod).includes(form))).not.toEqual([])
    expect(tmpdir()).toBe(temporary)
    expect(await readdir(temporary)).toEqual([])
    for (const name of await readdir(ground.folder, { recursive: true })) {
      const bytes = await readFile(join(ground.folder, name)).catch(() => Buffer.alloc(0))
      expect({ name, found: forms.filter((form) => bytes.includes(form)).length }).toEqual({
        name,
        found: 0,
      })
    }
  })
})
