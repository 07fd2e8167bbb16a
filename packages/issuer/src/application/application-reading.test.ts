import { jsonSchemas } from '@netcert/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { IssuerError } from '../issuer-error.js'
import { applicationJsonSchema } from './application-content.js'
import { readApplication } from './application-reading.js'
import { PURPOSES, purposesDigest, purposesDocument } from './purposes.js'
import { FIELD_TEXTS, REFUSAL_TEXTS } from './refusal-texts.js'

const TODAY = '2026-11-21'
const WRITTEN = {
  document: { type: 'resident_id', number: '990217198905047852' },
  family_name: '于',
  given_name: '敏静',
  birthdate: '1989-05-04',
  consent: { purposes: purposesDigest(), language: 'zh-CN' },
} as const

function errorOf(input: unknown): IssuerError {
  try {
    readApplication(input, TODAY)
  } catch (error) {
    return error as IssuerError
  }
  throw new Error('was read')
}

describe('an application', () => {
  it('is read into its normal form, names as they were written', () => {
    const { content, written } = readApplication(
      {
        ...WRITTEN,
        document: { type: 'passport', number: ' ｅx7654321' },
        family_name: '',
        given_name: '阿卜杜勒•外力',
      },
      TODAY,
    )
    expect(content).toEqual({
      documentType: 'passport',
      documentNumber: 'EX7654321',
      familyName: '',
      givenName: '阿卜杜勒•外力',
      birthdate: '1989-05-04',
      byGuardian: false,
    })
    expect(written).toMatchObject({ assurance: 'document', types: ['network-certificate'] })
  })

  it.each(['𠮷', '𬭎', '〇', '㐂', '䶮'])('carries the rare character %s as it is', (name) => {
    expect(readApplication({ ...WRITTEN, given_name: name }, TODAY).content.givenName).toBe(name)
  })

  it.each([
    ['more than is asked for', { religion: 'none' }, 'religion', 'unknown_member'],
    [
      'more inside the document',
      { document: { ...WRITTEN.document, scan: 'x' } },
      'document.scan',
      'unknown_member',
    ],
    ['no birth date', { birthdate: undefined }, 'birthdate', 'missing_member'],
    ['a number for a text', { given_name: 5 }, 'given_name', 'wrong_form'],
    [
      'a wrong check character',
      { document: { type: 'resident_id', number: '990217198905047853' } },
      'document.number',
      'document_number_check',
    ],
    [
      'a number of another form',
      { document: { type: 'passport', number: '990217198905047852' } },
      'document.number',
      'document_number',
    ],
    [
      'another birth date than in the number',
      { birthdate: '1989-05-05' },
      'birthdate',
      'birthdate_mismatch',
    ],
    ['no day of the calendar', { birthdate: '1989-02-30' }, 'birthdate', 'birthdate'],
    ['a bidirectional control', { given_name: '敏\u202e静' }, 'given_name', 'name'],
    ['a formula for a name', { given_name: '=1+1' }, 'given_name', 'name'],
    ['an unknown certificate', { types: ['diploma'] }, 'types', 'types'],
    ['a certificate about children', { types: ['ward-certificate'] }, 'types', 'types_age'],
    [
      'a consent to other purposes',
      { consent: { purposes: 'x'.repeat(43), language: 'en' } },
      'consent.purposes',
      'purposes_outdated',
    ],
    ['no consent', { consent: undefined }, 'consent', 'missing_member'],

    ['a lone surrogate', { given_name: '敏\ud842' }, 'given_name', 'name'],
    ['a noncharacter', { given_name: '敏\uffff' }, 'given_name', 'name'],
    ['a line break', { family_name: '于\n' }, 'family_name', 'name'],
    [
      'a zero width joiner in the number',
      { document: { type: 'passport', number: 'EX\u200d7654321' } },
      'document.number',
      'document_number',
    ],
    [
      'a birth date to come',
      { ...WRITTEN, document: { type: 'passport', number: 'EX7654321' }, birthdate: '2026-11-22' },
      'birthdate',
      'birthdate',
    ],
    [
      'a guardian who is described',
      { guardian: { applies: true, name: 'x' } },
      'guardian.name',
      'unknown_member',
    ],
    ['the same certificate twice', { types: ['gate-pass', 'gate-pass'] }, 'types', 'types'],
  ])('with %s is refused by field, in both languages', (_, changes, field, code) => {
    const error = errorOf({ ...WRITTEN, ...changes })
    expect(error).toMatchObject({ code: 'application_invalid' })
    const han = expect.stringMatching(/\p{Script=Han}/u)
    const texts = { 'zh-CN': han, en: expect.any(String) }
    expect(error.findings).toContainEqual({ field, code, reason: texts, cure: texts })
  })

  it.each([null, 'text', 5, [], [WRITTEN]])('is no %j', (input) => {
    expect(errorOf(input).findings[0]?.code).toBe('wrong_form')
  })

  it('says everything that is wrong at once, and quotes no value', () => {
    const { findings, message } = errorOf({
      ...WRITTEN,
      document: { type: 'resident_id', number: '990217198905047853' },
      given_name: '=敏静',
      types: ['x'],
    })
    expect(findings.map(({ field }) => field)).toEqual(['document.number', 'given_name', 'types'])
    expect(message).not.toMatch(/99021719|敏静/)
  })

  it('does not show the name of a member that could be a value', () => {
    const error = errorOf({ ...WRITTEN, 于敏静: true, ['x'.repeat(80)]: 1 })
    expect(error.findings.map(({ field }) => field)).toEqual(['?'])
    expect(error.message).not.toContain('敏')
  })
})

describe('what is published', () => {
  it('is the schema of an application', async () => {
    const text = `${JSON.stringify(applicationJsonSchema(), null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../../../schemas/application.schema.json')
    const validate = new Ajv2020({ strict: false }).compile(jsonSchemas['application'] ?? {})
    expect(validate(WRITTEN)).toBe(true)
    expect(validate({ ...WRITTEN, religion: 'none' })).toBe(false)
    expect(validate({ ...WRITTEN, consent: undefined })).toBe(false)
  })

  it('are the purposes, in both languages', async () => {
    await expect(purposesDocument()).toMatchFileSnapshot('../../../../schemas/purposes.json')
    for (const { purpose, processed, kept } of PURPOSES.purposes) {
      for (const text of [purpose, processed, kept]) {
        expect(text['zh-CN']).toMatch(/\p{Script=Han}/u)
        expect(text.en).toMatch(/^[\x20-\x7e]+$/)
      }
    }
  })

  it('are refusals with reason and cure in both languages', () => {
    const texts = [
      ...Object.values(REFUSAL_TEXTS).flatMap(({ reason, cure }) => [reason, cure]),
      ...Object.values(FIELD_TEXTS).flat(),
    ]
    for (const text of texts) {
      expect(text['zh-CN']).toMatch(/^\P{Script=Latin}*\p{Script=Han}.*。$/u)
      expect(text.en).toMatch(/^[\x20-\x7e]+\.$/)
    }
  })
})
