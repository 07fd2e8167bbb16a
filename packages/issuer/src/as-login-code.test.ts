import { keyStoreMigrations } from '@netcert/agent'
import { beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import {
  createLoginCodes,
  type LoginCodeMessage,
  type LoginCodes,
  operatorLogSender,
} from './as-login-code.js'
import { createLoginCodeStore } from './as-login-code-store.js'
import { loginLanguage } from './as-login-texts.js'
import { authorizationServerMigrations } from './as-schema-store.js'
import type { IssuerSchema } from './issuer-schema-store.js'

const START = new Date('2026-11-22T04:00:00Z')

describe.each(engines)('one-time codes on %s', (engine) => {
  const databases = databasesOn(engine)
  let now = START
  let sent: LoginCodeMessage[]
  let codes: readonly [LoginCodes, LoginCodes]

  beforeEach(async () => {
    now = START
    sent = []
    const location = await databases.location()
    const migrations = [...keyStoreMigrations, ...authorizationServerMigrations]
    const open = async () =>
      createLoginCodes({
        store: createLoginCodeStore(
          await databases.open<IssuerSchema>({ location, migrations, create: true }),
        ),
        sender: { send: (message) => Promise.resolve(void sent.push(message)) },
        key: new Uint8Array(32).fill(7),
        clock: () => now,
      })
    codes = [await open(), await open()]
  })
  const person = { citizen: 'c_1', phone: '1000' }
  const send = (interaction: string, to: typeof person | undefined = person) =>
    codes[0].send({ interaction, person: to, language: 'en' })
  const wrong = (right: string) => (right === '000000' ? '111111' : '000000')

  it('are six digits, right once, and only in the interaction they were sent for', async () => {
    await send('one')
    const { code } = sent[0]!
    expect(code).toMatch(/^\d{6}$/)
    await send('two', { citizen: 'c_2', phone: '2000' })
    expect(await codes[0].check({ interaction: 'two', code: wrong(sent[1]!.code) })).toEqual({
      wrong: 'again',
    })
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, at) =>
        codes[at % 2 === 0 ? 0 : 1].check({ interaction: 'one', code }),
      ),
    )
    expect(answers.filter((answer) => 'citizen' in answer)).toEqual([{ citizen: 'c_1' }])
  })

  it('take five guesses between two processes, not five each', async () => {
    await send('one')
    const { code } = sent[0]!
    await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        codes[at % 2 === 0 ? 0 : 1].check({ interaction: 'one', code: wrong(code) }),
      ),
    )
    expect(await codes[1].check({ interaction: 'one', code })).toEqual({ wrong: 'spent' })
  })

  it('are never right for somebody who is not on record', async () => {
    await codes[0].send({ interaction: 'one', person: undefined, language: 'en' })
    expect(sent).toEqual([])
    expect(await codes[0].isWaiting('one')).toBe(true)
    expect(await codes[0].check({ interaction: 'one', code: '000000' })).toEqual({ wrong: 'again' })
  })

  it('end after five minutes, and nothing is right where none was sent', async () => {
    await send('one')
    now = new Date(START.getTime() + 300_000)
    expect(await codes[0].check({ interaction: 'one', code: sent[0]!.code })).toEqual({
      wrong: 'spent',
    })
    expect(await codes[0].check({ interaction: 'none', code: '000000' })).toEqual({
      wrong: 'spent',
    })
    expect(await codes[0].isWaiting('none')).toBe(false)
  })

  it('go to one person four times in a quarter of an hour and ten times a day', async () => {
    for (let time = 0; time < 6; time++) await send(`first-${time}`)
    expect(sent).toHaveLength(4)
    for (let hour = 1; hour < 8; hour++) {
      now = new Date(START.getTime() + hour * 3_600_000)
      for (let time = 0; time < 2; time++) await send(`later-${hour}-${time}`)
    }
    expect(sent).toHaveLength(10)
    now = new Date(START.getTime() + 25 * 3_600_000)
    await send('next-day')
    expect(sent).toHaveLength(11)
  })

  it('are sent three times in one interaction, to whomever', async () => {
    expect([await send('one'), await send('one'), await send('one')]).toEqual([true, true, true])
    expect(await send('one')).toBe(false)
    expect(await send('two')).toBe(true)
  })
})

describe('the sender that writes to the operator’s log', () => {
  it('names the reference and the code, and no phone number', async () => {
    const lines: string[] = []
    const message = {
      citizen: 'c_1',
      phone: '10001234567',
      code: '123456',
      language: 'en',
    } as const
    await operatorLogSender((line) => lines.push(line)).send({ ...message, expiresAt: START })
    expect(lines).toEqual(['login code for c_1: 123456 (until 2026-11-22T04:00:00.000Z)'])
  })
})

describe('the language of the login pages', () => {
  it.each([
    ['en', 'zh-CN', 'en'],
    ['zh-CN', 'en', 'zh-CN'],
    [undefined, 'fr, en-US;q=0.7, zh;q=0.3', 'en'],
    [undefined, 'zh-Hans-CN', 'zh-CN'],
    ['de', undefined, 'zh-CN'],
    [['en', 'zh-CN'], 'x'.repeat(100_000), 'zh-CN'],
  ])('for %o and %s is %s', (chosen, preferred, language) => {
    expect(loginLanguage(chosen, preferred)).toBe(language)
  })
})
