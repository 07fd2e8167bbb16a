import { freshnessPolicies, generateSigner } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import {
  createAdmissionList,
  type GateCode,
  type GateVerdict,
  gateCodes,
  laneKeys,
  readAdmissionList,
} from '@netcert/verifier/gate'
import { expect, test } from 'vitest'
import {
  createPerson,
  numberedCopy,
  type NumberedCopy,
} from '../../../../test/accreditation-ground.js'
import {
  answerTo,
  EVENT,
  GATE_PASS,
  identityQuery,
  type LaneChanges,
  laneGround,
  type OpenChanges,
  type Pass,
  passClaims,
  selfMade,
  ticketQuery,
  VENUE_ID,
} from '../../../../test/lane-ground.js'
import { createTrustDomain, later, testNow } from '../../../../test/trust-domain.js'

const ground = await laneGround()
/** For what moves the clock or the trust. */
const own = () => laneGround()

type Shown = Parameters<typeof answerTo>[2]

/** Shows a pass at a fresh lane. */
async function show(
  changes: LaneChanges & OpenChanges = {},
  { pass, at = ground, ...shown }: Shown & { pass?: Pass; at?: typeof ground } = {},
): Promise<GateVerdict> {
  const { gate } = await at.open(changes)
  const { text } =
    changes.poster || changes.paper ? { text: await gate.poster() } : await gate.challenge()
  return gate.judge(await answerTo(text, pass ?? (await at.visitor()), shown))
}

/** Hands a fresh lane whatever was scanned. */
async function scan(text: string): Promise<GateVerdict> {
  return (await ground.open()).gate.judge(text)
}

/** Facts of a certificate that has a status. */
const realPerson = parseQuery({
  credentials: [{ ...identityQuery.credentials[0], claims: [{ path: ['real_person'] }] }],
})

/** A certificate with a status, under lists of some age. */
async function showListed(
  status: number,
  {
    hoursOld = 1,
    policy = 'grace-24h',
    listed = true,
  }: { hoursOld?: number; policy?: keyof typeof freshnessPolicies; listed?: boolean } = {},
): Promise<GateVerdict> {
  const at = await own()
  const holder = await generateSigner('ES256')
  const credential = await at.domain.mint({
    jwk: holder.jwk,
    status,
    expiresAt: later(30 * 86_400),
  })
  const lists = { revoked: [2], suspended: [3] }
  at.trust = await at.domain.trust(listed ? [await at.domain.statusListToken(lists)] : [])
  at.clock.now = later(hoursOld * 3600)
  const event = { ...EVENT, endsAt: later(40 * 86_400) }
  const changes = { query: realPerson, freshness: freshnessPolicies[policy], event }
  return show(changes, { at, pass: { credential, holder }, paths: [['real_person']] })
}

const numbered = (copy: NumberedCopy, bindingClaims?: Record<string, string>) => ({
  pass: copy,
  paths: [['platform_number'], ['real_person']],
  bindingClaims: bindingClaims ?? { platform_number_r: copy.r },
})
const person = createPerson()
const ticketOf = (who = person, platformId = VENUE_ID) =>
  numberedCopy(ground.domain, who, { platformId })
const ticketLane = { kind: 'ticket', query: ticketQuery } as const

/** A ticket at a gate whose list has somebody else's. */
async function showUnlisted(): Promise<GateVerdict> {
  const settings = await ground.settings()
  const { tagMac } = await laneKeys(settings)
  const made = { tagMac, event: EVENT.id, numbers: ['P00000'], issuedAt: testNow }
  const read = { tagMac, event: EVENT.id, notBefore: null }
  const list = await readAdmissionList(await createAdmissionList(made), read)
  const { ledgerKey } = settings
  return show({ ...ticketLane, ledgerKey, admission: () => list }, numbered(await ticketOf()))
}

/** Two answers at one lane, the second 15 seconds later. */
async function twice(
  changes: LaneChanges,
  first: Shown & { pass: Pass },
  second: Shown & { pass: Pass } = first,
  sameCode = false,
): Promise<GateVerdict> {
  const { gate } = await ground.open(changes)
  const before = ground.clock.now
  try {
    const code = await answerTo((await gate.challenge()).text, first.pass, first)
    expect(await gate.judge(code)).toMatchObject({ colour: 'green' })
    ground.clock.later(15)
    if (sameCode) return await gate.judge(code)
    return await gate.judge(await answerTo((await gate.challenge()).text, second.pass, second))
  } finally {
    ground.clock.now = before
  }
}

async function showLate(seconds: number, rebuilt = false): Promise<GateVerdict> {
  const at = await own()
  const { gate } = await at.open()
  const code = await answerTo((await gate.challenge()).text, await at.visitor())
  at.clock.later(seconds)
  return (rebuilt ? (await at.open()).gate : gate).judge(code)
}

async function showIdentity(encrypted: boolean, seconds: number): Promise<GateVerdict> {
  const at = await own()
  const { gate } = await at.open({ query: identityQuery })
  const { holder } = await at.visitor()
  const pass = { holder, credential: await at.domain.mint({ jwk: holder.jwk }) }
  const shown = { encrypted, paths: [['family_name'], ['real_person']] }
  const code = await answerTo((await gate.challenge()).text, pass, shown)
  at.clock.later(seconds)
  return gate.judge(code)
}

const scenes: Readonly<Record<GateCode, () => Promise<GateVerdict>>> = {
  entered: () => show(),
  entered_stale: () => showListed(1, { hoursOld: 20, policy: 'flag-72h' }),
  entered_paper: () => show({ paper: true }, { nonce: selfMade('paper'), carried: true }),
  code_foreign: () => scan('https://example.com/pay?to=me'),
  code_challenge: async () => scan((await (await ground.open()).gate.challenge()).text),
  code_damaged: () => scan(`NC1Ö${'ABC'.repeat(40)}`),
  code_malformed: () => scan('NC1:ABC'),
  code_too_long: () => scan(`NC1:${'A'.repeat(5_000)}`),
  nonce_late: () => showLate(100),
  nonce_unknown: () => showLate(1, true),
  answer_not_encrypted: () => showIdentity(false, 0),
  answer_unopened: () => showIdentity(true, 90),
  poster_not_here: () => show({}, { nonce: selfMade('poster'), carried: true }),
  poster_late: () =>
    show({ poster: true }, { nonce: selfMade('poster'), carried: true, issuedAt: later(-61) }),
  paper_not_here: () => show({}, { nonce: selfMade('paper'), carried: true }),
  code_used: async () => {
    const pass = await ground.visitor()
    return twice({}, { pass }, { pass }, true)
  },
  pass_used: async () => twice({}, { pass: await ground.visitor() }),
  person_entered: async () =>
    twice(ticketLane, numbered(await ticketOf()), numbered(await ticketOf())),
  pass_expired: async () =>
    show({}, { pass: await ground.visitor(passClaims, { expiresAt: testNow }) }),
  pass_revoked: () => showListed(2),
  pass_suspended: () => showListed(3),
  lists_too_old: () => showListed(1, { hoursOld: 40 }),
  lists_missing: () => showListed(1, { listed: false }),
  status_required: () => show({ freshness: freshnessPolicies.strict }),
  issuer_unknown: async () => {
    const { holder } = await ground.visitor()
    const stranger = await createTrustDomain()
    const minted = { jwk: holder.jwk, vct: GATE_PASS, claims: passClaims }
    return show({}, { pass: { holder, credential: await stranger.mint(minted) } })
  },
  forged: async () => {
    const { credential } = await ground.visitor()
    return show({}, { pass: { credential, holder: await generateSigner('ES256') } })
  },
  pass_unusable: async () => {
    // Dated an hour ahead of the gate, of which no list says that its clock is wrong.
    const at = await own()
    at.trust = await at.domain.trust([])
    at.clock.later(-7_200)
    return show({ accreditation: { issuedAt: later(-86_400) } }, { at })
  },
  other_venue: () => {
    const audience = 'decentralized_identifier:did:key:zOther'
    return show({ paper: true }, { nonce: selfMade('paper'), carried: true, audience })
  },
  condition_unmet: async () =>
    show({}, { pass: await ground.visitor({ ...passClaims, age_over_18: false }) }),
  demand_unmet: () => show({}, { paths: [['real_person']] }),
  type_unmet: async () => {
    const { holder } = await ground.visitor()
    const credential = await ground.domain.mint({ jwk: holder.jwk })
    return show({}, { pass: { holder, credential }, paths: [['real_person']] })
  },
  no_ticket: () => showUnlisted(),
  ticket_unproven: async () =>
    show(ticketLane, numbered(await ticketOf(person, 'https://other.example'))),
  clock_back: async () => {
    const at = await own()
    const { ledger } = await at.open()
    await ledger.see(testNow)
    at.clock.later(-301)
    return (await at.open({ on: ledger })).gate.judge('NC1:')
  },
  clock_behind: async () => {
    const at = await own()
    at.clock.later(-200)
    return show({}, { at })
  },
  event_over: async () => {
    const at = await own()
    const { gate } = await at.open()
    at.clock.now = EVENT.endsAt
    return gate.judge('NC1:')
  },
  gate_failed: async () => {
    const { ledger } = await ground.open()
    const on = Object.assign(ledger, { enter: () => Promise.reject(new Error('no space')) })
    return show({ on })
  },
}

test.each(gateCodes)('%s is what staff are told', async (code) => {
  const verdict = await scenes[code]()
  expect(verdict.code).toBe(code)
  if (verdict.colour === 'red') {
    expect(verdict).toMatchObject({ entry: null, facts: {}, freshness: null })
    expect(verdict).not.toHaveProperty('identity')
  } else {
    expect(verdict.entry).toBe(1)
  }
})
