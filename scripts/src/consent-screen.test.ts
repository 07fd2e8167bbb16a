import { PassThrough } from 'node:stream'
import { createJws, type JsonObject, parseJws, signatureAlgorithms } from '@netcert/credential'
import type { RequestPreview } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import type { Accredited } from '../../test/accreditation-ground.js'
import { platformWalletGround, tokenFor } from '../../test/platform-wallet-ground.js'
import { later } from '../../test/trust-domain.js'
import { showRequest } from './consent-screen.js'
import { accreditationWords } from './decided-words.js'
import type { Language } from './invocation.js'
import { createScreen } from './screen.js'

const ground = platformWalletGround()
const { vci } = ground
const facts = [{ path: ['real_person'] }]

/** What the citizen sees of a request, as a terminal of that language gets it. */
function shown(preview: RequestPreview, language: Language): string {
  const chunks: string[] = []
  const through = Object.assign(new PassThrough(), { isTTY: false, columns: 80 })
  through.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
  const err = through as unknown as NodeJS.WriteStream
  const screen = createScreen({ json: false, out: err, err })
  const progress = () => ({ update() {}, end() {} })
  const clock = () => vci.ground.now
  showRequest({ screen, json: false, dir: undefined, language, clock, progress }, preview)
  return chunks.join('')
}

/** The registrar's token with other members than it would ever sign. */
async function signedAnyway(change: (payload: JsonObject) => JsonObject): Promise<string> {
  const { asker } = ground
  const honest = await tokenFor(vci, asker)
  const { header, payload } = parseJws(honest, { algorithms: signatureAlgorithms, maxDepth: 32 })
  const typed = { ...header, typ: 'rc-wrp+jwt' }
  return createJws({ header: typed, payload: change(payload), signer: vci.ground.domain.registrar })
}

const named = (en: string): Accredited => ({ name: { 'zh-CN': en, en } })

describe('the consent screen', () => {
  it.each([
    ['letters of two scripts', 'Pаypal', 'mixed_script'],
    ['letters that only look Latin', 'асе', 'look_alike'],
  ] as const)('warns of a name of %s, in both languages', async (_what, name, warning) => {
    const { previews } = await ground.answer({ accredited: named(name), claims: facts }, 'refuse')
    for (const language of ['zh-CN', 'en'] as const) {
      const text = shown(previews[0]!, language)
      expect(text).toContain(accreditationWords[warning][language])
    }
  })

  it('warns of no usual name', async () => {
    const { previews } = await ground.answer({ accredited: named('工商 Bank 24'), claims: facts })
    const text = shown(previews[0]!, 'en')
    expect(text).toContain('工商 Bank 24')
    for (const words of Object.values(accreditationWords)) expect(text).not.toContain(words.en)
  })

  it('says whether they got something before, how often and when last', async () => {
    const first = await ground.answer({ claims: facts })
    expect(shown(first.previews[0]!, 'zh-CN')).toContain('没有：这是第一次')
    vci.ground.now = later(3_600)
    const { previews } = await ground.answer({ claims: facts }, 'refuse')
    const day = later(0).toISOString().slice(0, 10)
    expect(shown(previews[0]!, 'en')).toContain(`before    once, last on ${day}`)
    expect(shown(previews[0]!, 'zh-CN')).toContain(`1 次，上次 ${day}；这是第 2 次`)
  })

  it.each([
    ['turns the text after it', 'Bank\u202elive'],
    ['has a part that nobody sees', 'Ba\u200bnk'],
    ['draws on a terminal', 'Bank\u001b[2J'],
  ])('shows no registered name that %s: it counts for nothing', async (_what, name) => {
    const token = await signedAnyway(
      (payload) =>
        JSON.parse(
          JSON.stringify(payload).replaceAll('"Example shop"', JSON.stringify(name)),
        ) as JsonObject,
    )
    const { previews } = await ground.answer({ tokens: [token], claims: facts }, 'refuse')
    expect(previews).toMatchObject([{ verifier: { accredited: false } }])
    expect(shown(previews[0]!, 'en')).not.toContain(name)
  })

  it.each([
    ['of two lists that differ', 'both'],
    ['of an empty list', 'nothing'],
  ])('reads no right out %s of claims', async (_what, kind) => {
    const wide = [{ path: ['platform_number'] }, { path: ['family_name'] }]
    const token = await signedAnyway((payload) => {
      const [usual] = payload['credentials'] as readonly JsonObject[]
      const { claim, claims, ...credential } = usual ?? {}
      const honest = claim ?? claims ?? null
      expect(honest).toContainEqual({ path: ['platform_number'] })
      const lists = kind === 'nothing' ? { claim: [] } : { claim: honest, claims: wide }
      return { ...payload, credentials: [{ ...credential, ...lists }] }
    })
    const { code, previews } = await ground.answer({ tokens: [token] })
    expect(code).toBe('query_unanswered')
    expect(previews).toMatchObject([{ verifier: { accredited: false }, credentials: [] }])
  })
})
