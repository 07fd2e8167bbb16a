import { createJws, type JsonObject } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import { protocolCode, readingOf } from '../../../test/accreditation-verdict.js'
import { accredited, PLATFORM_ID, platformKey } from '../../../test/accreditation-tokens.js'
import { at, DAY, mint, NOW, present, stranger } from '../../../test/trust-ground.js'
import type { Accreditation } from './accreditation-content.js'
import {
  createDeletionAnswer,
  createDeletionReply,
  type DeletionOutcome,
  deletionClaims,
  encodeDeletionForm,
  parseDeletionReply,
  readDeletionRequest,
  verifyDeletionAnswer,
} from './deletion.js'
import { publishedPlatformSchema } from './published-platform-schemas.js'

const NONCE_OF_16_BYTES = 'AAECAwQFBgcICQoLDA0ODw'
const keyBindingClaims = deletionClaims({ platformNumberR: 'A'.repeat(43) })

let accreditation: Accreditation
let certificate = ''
let presentation = ''
beforeAll(async () => {
  accreditation = await accredited()
  certificate = await mint()
  presentation = await presentFor({})
})
const presentFor = (changes: Parameters<typeof present>[1]): Promise<string> =>
  present(certificate, {
    paths: [],
    audience: accreditation.deletionUri,
    nonce: NONCE_OF_16_BYTES,
    keyBindingClaims,
    ...changes,
  })
const readForm = (body: string) =>
  readDeletionRequest(Object.fromEntries(new URLSearchParams(body)))

describe('a deletion request', () => {
  it('is a form with a presentation that was made for nothing else', () => {
    expect(readForm(encodeDeletionForm(presentation))).toEqual({
      presentation,
      nonce: NONCE_OF_16_BYTES,
    })
  })

  it('is refused for a presentation that was made to sign in', async () => {
    const usual = await presentFor({ keyBindingClaims: { platform_number_r: 'A'.repeat(43) } })
    expect(readingOf(() => readForm(encodeDeletionForm(usual)))).toBe('deletion_malformed')
    const other = await presentFor({ keyBindingClaims: { netcert_purpose: 'sign-in' } })
    expect(readingOf(() => readForm(encodeDeletionForm(other)))).toBe('deletion_malformed')
  })

  it.each(['short', 'AAECAwQFBgcICQoLDA0ODx', 'AAECAwQFBgcICQoLDA0ODw==', `${'A'.repeat(23)}`])(
    'is refused with the nonce %s, which is not 16 bytes',
    async (nonce) => {
      const wrong = await presentFor({ nonce })
      expect(readingOf(() => readForm(encodeDeletionForm(wrong)))).toBe('deletion_malformed')
    },
  )

  it('is refused without a presentation, with several, and with none that is signed', () => {
    const bare = certificate
    for (const members of [
      {},
      { presentation: [presentation, presentation] },
      { presentation: '' },
      { presentation: 'a~b' },
      { presentation: bare },
      { presentation: 'a'.repeat(70_000) },
    ]) {
      expect(readingOf(() => readDeletionRequest(members))).toBe('deletion_malformed')
    }
  })
})

const reason = { 'zh-CN': '法律要求保存三年', en: 'A law has us keep it for three years' }
const outcomes: readonly DeletionOutcome[] = [
  { state: 'deleted' },
  { state: 'scheduled', dueAt: at(7 * DAY), reason: null },
  { state: 'scheduled', dueAt: at(7 * DAY), reason },
  { state: 'refused', reason },
]

const answer = (changes: Partial<Parameters<typeof createDeletionAnswer>[0]> = {}) =>
  createDeletionAnswer({
    signer: platformKey.signer,
    platformId: PLATFORM_ID,
    presentation,
    outcome: { state: 'deleted' },
    issuedAt: NOW,
    ...changes,
  })
const verdictOf = (token: string): Promise<string> =>
  verifyDeletionAnswer(token, { accreditation, presentation, now: NOW }).then(
    ({ outcome }) => outcome.state,
    protocolCode,
  )

describe('the answer to a deletion request', () => {
  it.each(outcomes)('says what becomes of it: $state', async (outcome) => {
    const token = parseDeletionReply(JSON.stringify(createDeletionReply(await answer({ outcome }))))
    const verified = await verifyDeletionAnswer(token, { accreditation, presentation, now: NOW })
    expect(verified).toMatchObject({ platformId: PLATFORM_ID, issuedAt: NOW, outcome, token })
  })

  it('has a JSON Schema that is published', async () => {
    await expect(publishedPlatformSchema('deletion-answer')).toMatchFileSnapshot(
      '../../../schemas/deletion-answer.schema.json',
    )
  })

  it('is refused by another key, of another platform, to another request, from the future', async () => {
    const other = await presentFor({ paths: [['real_person']] })
    const refused = [
      await answer({ signer: stranger.signer }),
      await answer({ platformId: 'bank.example' }),
      await answer({ presentation: other }),
      await answer({ issuedAt: at(120) }),
    ]
    for (const token of refused) expect(await verdictOf(token)).toBe('deletion_answer_invalid')
  })

  it.each([
    ['a state nobody knows', { state: 'perhaps' }],
    ['a schedule without a date', { state: 'scheduled' }],
    ['a refusal without a reason', { state: 'refused' }],
    [
      'a reason that turns the text around it',
      { state: 'refused', reason: { 'zh-CN': '好', en: 'a\u202eb' } },
    ],
    ['a reason in one language', { state: 'refused', reason: { en: 'Because' } }],
  ])('is refused with %s', async (_, members) => {
    const right = JSON.parse(atob((await answer()).split('.')[1] ?? '')) as JsonObject
    const payload = { ...right, ...members } as JsonObject
    const { signer } = platformKey
    const token = await createJws({ header: { typ: 'netcert-deletion+jwt' }, payload, signer })
    expect(await verdictOf(token)).toBe('deletion_answer_invalid')
  })

  it('is refused as another kind of token and where the reply holds none', async () => {
    const payload = JSON.parse(atob((await answer()).split('.')[1] ?? '')) as JsonObject
    const { signer } = platformKey
    const token = await createJws({ header: { typ: 'netcert-receipt+jwt' }, payload, signer })
    expect(await verdictOf(token)).toBe('deletion_answer_invalid')
    expect(readingOf(() => parseDeletionReply('{"netcert_deletion":7}'))).toBe(
      'deletion_answer_invalid',
    )
    expect(readingOf(() => parseDeletionReply('<html>'))).toBe('message_malformed')
  })
})
