import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMasterKey, openDatabase, openVault } from '@netcert/agent'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import type { Accounts, SignInOptions } from '@netcert/verifier'
import { guardianConsent, signIn } from '@netcert/verifier'
import {
  accountMigrations,
  type AccountTables,
} from '../packages/verifier/src/account-schema-store.js'
import { databaseAccounts } from '../packages/verifier/src/accounts-store.js'
import {
  accreditedPlatform,
  type NumberedCopy,
  numberedCopy,
  type Person,
  presentNumbered,
} from './accreditation-ground.js'
import { testNow } from './trust-domain.js'
import { createVpGround, type VpGround } from './vp-platform-ground.js'
import { encryptAnswer, hear, membersOf, postForm, readVpRequest } from './vp-wallet-ground.js'

/** What serves as well as a presence check. */
const COUNTER = {
  'zh-CN': '到门店柜台出示证件',
  en: 'Show a document at the counter of a shop',
} as const

const wards = ['urn:netcert:network-certificate:1', 'urn:netcert:ward-certificate:1']
const signInQuery = parseQuery(queries['sign-in'])
const asked = {
  'sign-in': parseQuery({
    credentials: [{ ...signInQuery.credentials[0]!, meta: { vct_values: wards } }],
  }),
  'account-re-authentication': parseQuery(queries['account-re-authentication']),
}

type Heard = Awaited<ReturnType<typeof hear>> & {
  readonly cookies: Readonly<Record<string, string>>
}

/** A browser: it keeps cookies and posts to the platform. */
export type Browser = {
  readonly cookies: Map<string, string>
  post(
    path: string,
    options?: { readonly form?: Record<string, string>; readonly origin?: string },
  ): Promise<Heard>
  get(path: string): Promise<Heard>
  /** Starts a question, answers with a copy as its wallet would, and delivers to a route. */
  answer(question: string, copy: NumberedCopy, options?: Answering): Promise<Heard>
  signIn(copy: NumberedCopy): Promise<Heard>
}

type Answering = {
  readonly deliverTo?: string
  readonly paths?: readonly (readonly string[])[]
}

/** A platform with sign-in on this machine, over real HTTP. */
export type SignInGround = Omit<VpGround, 'close'> & {
  readonly accounts: Accounts
  browser(): Browser
  copy(person: Person, options?: Parameters<typeof numberedCopy>[2]): Promise<NumberedCopy>
  setTime(now: Date): void
  now(): Date
  close(): Promise<void>
}

export async function createSignInGround(
  options: Partial<
    Pick<SignInOptions, 'newAccount' | 'ownLogin' | 'otherMeans' | 'reAuthentication'>
  > = {},
): Promise<SignInGround> {
  const folder = await mkdtemp(join(tmpdir(), 'netcert-sign-in-'))
  const masterKeyFile = join(folder, 'master.key')
  await createMasterKey(masterKeyFile)
  let now = testNow
  const database = await openDatabase<AccountTables>({
    location: { sqlite: join(folder, 'accounts.sqlite') },
    migrations: accountMigrations('sqlite'),
    create: true,
  })
  const vault = await openVault({ masterKeyFile })
  const accounts = databaseAccounts({ database, vault, clock: () => now })
  const ground = await createVpGround({
    accredit: ({ domain, requestJwk }) => accreditedPlatform(domain, requestJwk),
    queries: asked,
    platform: (parts) =>
      guardianConsent(
        signIn({ ...parts, accounts, reAuthentication: { alternatives: [COUNTER] }, ...options }),
        { ...parts, minorActs: {} },
      ),
  })
  const browser = () => openBrowser(ground, () => now)
  return {
    ...{ ...ground, accounts, browser },
    copy: (person, wanted) => numberedCopy(ground.domain, person, { status: 7, ...wanted }),
    now: () => now,
    setTime: (instant) => {
      now = instant
      ground.setNow(instant)
    },
    close: async () => {
      ground.close()
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
}

function openBrowser({ baseUrl, origin }: VpGround, now: () => Date): Browser {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit & { from?: string } = {}): Promise<Heard> => {
    const { from = origin, ...rest } = init
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, ...(rest.method === 'POST' ? { origin: from } : {}) }
    const response = await fetch(`${baseUrl}${path}`, { ...rest, headers })
    const set = response.headers.getSetCookie()
    for (const line of set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      ...(await hear(response)),
      cookies: Object.fromEntries(set.map((line) => [line.split('=')[0], line])),
    }
  }
  const browser: Browser = {
    cookies,
    get: (path) => send(path),
    post: (path, { form, origin: from } = {}) =>
      send(path, {
        method: 'POST',
        ...(from === undefined ? {} : { from }),
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      }),
    async answer(question, copy, { deliverTo = `/${question}`, paths } = {}) {
      const started = await browser.post(`/start?query=${question}`)
      if (started.status !== 201) return started
      const read = await readVpRequest(String(started.body['request_uri']))
      const presentation = await presentNumbered(copy, {
        ...{ audience: read.clientId, nonce: read.request.nonce, issuedAt: now() },
        ...(paths === undefined ? {} : { paths }),
      })
      const members = membersOf(read.request, { certificate: [presentation] })
      const response = await encryptAnswer(read.request, members)
      await postForm(read.request.response_uri ?? '', { response })
      return browser.post(deliverTo)
    },
    signIn: (copy) => browser.answer('sign-in', copy),
  }
  return browser
}
