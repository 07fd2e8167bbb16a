import { createHash } from 'node:crypto'
import { GUARDIANSHIP, type JsonObject, NETWORK_CERTIFICATE } from '@netcert/credential'
import {
  type AccountKey,
  type GuardianConsent,
  guardianConsent,
  type MinorAct,
  type MinorActStore,
  type Platform,
  verifier,
} from '@netcert/verifier'
import {
  accreditedPlatform,
  minorClaims,
  type NumberedCopy,
  numberedCopy,
  type Person,
  presentNumbered,
} from './accreditation-ground.js'
import { later, testNow } from './trust-domain.js'
import { type Accrediting, createVpGround, type VpGround } from './vp-platform-ground.js'
import { encryptAnswer, type Heard, hear, postForm, readVpRequest } from './vp-wallet-ground.js'

/** What the shop asks consent to. */
export const purchase: MinorAct = {
  action: { 'zh-CN': '购买游戏道具', en: 'Buy an item in the game' },
  limit: { amount: '30.00', currency: 'CNY' },
  expiresAt: later(7_200),
}

/** What no wallet would show, or no consent may say. */
const wrongActs = {
  'too-long': () => ({ ...purchase, expiresAt: later(32 * 86_400) }),
  unsaid: () => ({ ...purchase, action: { 'zh-CN': '购买', en: ' ' } }),
  unpriced: () => ({ ...purchase, limit: { amount: '3e2', currency: 'CNY' } }),
}

export type Page = {
  /** Begins an act; the link for the minor and what else the page hears. */
  begin(name?: string, returnTo?: string): Promise<Heard>
  progress(): Promise<Heard>
  handOver(code?: string): Promise<Heard>
  consented(name?: string, code?: string): ReturnType<GuardianConsent['consented']>
  readonly cookies: Map<string, string>
}

/** A shop with acts of minors, over real HTTP, and two people's certificates. */
export type MinorActGround = VpGround & {
  page(): Page
  /** Of a minor: their own certificate, as a platform's copy. */
  minorCopy(person: Person, claims?: JsonObject): Promise<NumberedCopy>
  /** Of the guardian of that minor. */
  guardianCopy(person: Person): Promise<NumberedCopy>
  /** Answers a link as an honest wallet does, or as the changes have it. */
  answer(link: unknown, copy: NumberedCopy, changes?: Answering): Promise<Heard>
  /** Opens the guardian's link in a browser: the wallet link it leads to, or the refusal. */
  openLink(link: unknown): Promise<string | Heard>
  expectAccount(account: AccountKey | null): void
  now(): Date
}

type Answering = {
  readonly transactions?: readonly string[]
  readonly paths?: readonly (readonly string[])[]
}

type State = { now: Date; expected: AccountKey | null; platform?: Platform & GuardianConsent }

const minorPaths = [['platform_number'], ['age_equal_or_over', '18']]
const guardianPaths = [['platform_number']]

const accreditedForActs: Accrediting = ({ domain, requestJwk }) =>
  accreditedPlatform(domain, requestJwk, [
    {
      purposeId: 'minor-act',
      credentials: [
        { format: 'dc+sd-jwt', vctValues: [NETWORK_CERTIFICATE], claims: minorPaths },
        { format: 'dc+sd-jwt', vctValues: [GUARDIANSHIP], claims: guardianPaths },
      ],
    },
  ])

export async function createMinorActGround(
  options: { readonly acts?: (clock: () => Date) => MinorActStore } = {},
): Promise<MinorActGround> {
  const state: State = { now: testNow, expected: null }
  const ground = await createVpGround({
    ...options,
    accredit: accreditedForActs,
    platform: (parts) => {
      const expected = () => (state.expected === null ? {} : { expectedAccount: state.expected })
      const minorActs = {
        purchase: () => ({ ...purchase, ...expected() }),
        other: () => purchase,
        ...wrongActs,
      }
      state.platform = guardianConsent(verifier(parts), { ...parts, minorActs })
      return state.platform
    },
  })
  return {
    ...ground,
    page: () => openPage(ground, state),
    minorCopy: (person, claims = minorClaims) =>
      numberedCopy(ground.domain, person, { claims, status: 7 }),
    guardianCopy: (person) =>
      numberedCopy(ground.domain, person, { vct: GUARDIANSHIP, claims: {} }),
    answer: (link, copy, changes = {}) =>
      answerAct(String(link), copy, { now: state.now, ...changes }),
    async openLink(link) {
      const response = await fetch(String(link), { redirect: 'manual' })
      return response.headers.get('location') ?? hear(response)
    },
    expectAccount: (account) => {
      state.expected = account
    },
    now: () => state.now,
    setNow: (instant) => {
      state.now = instant
      ground.setNow(instant)
    },
  }
}

function openPage({ baseUrl }: VpGround, state: State): Page {
  const cookies = new Map<string, string>()
  const send = async (method: string, path: string, code?: string): Promise<Heard> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, ...(code === undefined ? {} : { 'netcert-response-code': code }) }
    const response = await fetch(`${baseUrl}${path}`, { method, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return hear(response)
  }
  return {
    cookies,
    begin: (name = 'purchase', returnTo) =>
      send('POST', `/act?name=${name}${returnTo === undefined ? '' : `&return_to=${returnTo}`}`),
    progress: () => send('GET', '/act-progress'),
    handOver: (code) => send('POST', '/hand-over', code),
    consented: (name = 'purchase', code) => {
      const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ')
      const known = new Map([
        ['cookie', cookie],
        ['netcert-response-code', code ?? null],
      ])
      return state.platform!.consented({ header: (asked) => known.get(asked) ?? null }, name)
    },
  }
}

/** Shows a copy for the one entry that was asked, over an encrypted answer. */
async function answerAct(
  link: string,
  copy: NumberedCopy,
  { now, transactions, paths }: Answering & { readonly now: Date },
): Promise<Heard> {
  const { request, clientId } = await readVpRequest(link)
  const asked = JSON.stringify(request.dcql_query)
  const entries = transactions ?? request.transaction_data ?? []
  const presentation = await presentNumbered(copy, {
    ...{ audience: clientId, nonce: request.nonce, issuedAt: now },
    paths: paths ?? (asked.includes(GUARDIANSHIP) ? guardianPaths : minorPaths),
    bindingClaims: {
      platform_number_r: copy.r,
      ...(entries.length === 0 ? {} : signedFor(entries)),
    },
  })
  const members = { vp_token: { certificate: [presentation] }, state: request.state }
  return postForm(request.response_uri ?? '', { response: await encryptAnswer(request, members) })
}

function signedFor(entries: readonly string[]): JsonObject {
  return {
    transaction_data_hashes: entries.map((entry) =>
      createHash('sha256').update(entry).digest('base64url'),
    ),
    transaction_data_hashes_alg: 'sha-256',
  }
}
