import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { generateSigner, NETWORK_CERTIFICATE, type Signer } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { blindPlatformId, createPlatform, type Platform } from '@netcert/credential/platform-number'
import { type Issuer, sampleCitizens } from '@netcert/issuer'
import { createDisclosureReceipt } from '@netcert/protocol'
import { createSampleRandom, type SampleRandom } from '../../packages/issuer/src/sample-random.js'
import type { TestDatabases } from '../database-engines.js'
import { startTestIssuer, TODAY } from '../issuer-ground.js'
import { prepareTime } from '../../packages/wallet/src/vci-renewal-times.js'

const DAY = 86_400
/** Needs arise within so many days, each at a time of its own. */
const NEED_DAYS = 20
const VISITS = 2
/** What both platforms ask for, beside the number. */
const FACTS = [['age_equal_or_over', '18'], ['real_person']] as const
const START = Date.parse('2026-11-01T00:00:00Z') / 1000

/** A copy that a wallet asked for, as the issuer saw it and as its holder keeps it. */
export type Fetched = {
  readonly person: number
  readonly platform: 0 | 1
  /** Seconds since 1970. */
  readonly at: number
  readonly citizen: string
  readonly b: string
  readonly r: string
  readonly batch: string
  readonly credential: string
  readonly signer: Signer
}

/** All that one platform has of one person. */
export type Received = {
  readonly person: number
  readonly texts: readonly string[]
  readonly firstVisit: number
}

/** People at two platforms, their issuer, and everything that went to and fro. */
export type World = {
  readonly platforms: readonly [Platform, Platform]
  /** In the order in which the issuer met them. */
  readonly fetched: readonly Fetched[]
  /** By person, for each platform. */
  readonly received: readonly [readonly Received[], readonly Received[]]
  readonly issuer: Issuer
  readonly citizens: readonly string[]
  /** What the issuer's clock shows, in seconds since 1970. */
  readonly clock: { now: number }
  /** The issuer's data folder: all it keeps. */
  readonly dir: string
  close(): Promise<void>
}

/**
 * Has so many people get a copy for each of two platforms and use it there. The issuer is a real one
 * and so are its certificates; each copy is fetched when the wallet's schedule says. Who needs a
 * platform when, and visits it when, is drawn from a fixed seed, for each platform by itself.
 */
export async function createWorld(options: {
  readonly people: number
  readonly dir: string
  readonly databases: TestDatabases
}): Promise<World> {
  const chance = createSampleRandom('collusion')
  const clock = { now: START }
  const { issuer, close } = await startTestIssuer({
    ...options,
    clock: () => new Date(clock.now * 1000),
  })
  const citizens = await importPeople(issuer, options.people)
  const platforms = [createPlatform('p-4711'), createPlatform('p-4712')] as const
  const plans = citizens.flatMap((citizen, person) =>
    ([0, 1] as const).map((platform) => {
      const needed = START + chance.below(NEED_DAYS * DAY)
      return { citizen, person, platform, at: prepareTime(needed, randomInt) }
    }),
  )
  const fetched: Fetched[] = []
  for (const hour of byHour(plans)) {
    clock.now = hour[0]?.at ?? clock.now
    // Within one hour all certificates bear the same times, whoever is first.
    fetched.push(...(await Promise.all(hour.map((plan) => fetch(issuer, platforms, plan)))))
  }
  const received = await Promise.all(
    platforms.map((platform, at) => visitAll(platform, ofPlatform(fetched, at), chance)),
  )
  const [left = [], right = []] = received
  const { dir } = options
  return { platforms, fetched, received: [left, right], issuer, citizens, clock, dir, close }
}

type Plan = Pick<Fetched, 'person' | 'platform' | 'at' | 'citizen'>

/** Adults and young people alike; under 14 a certificate is the guardian's. */
async function importPeople(issuer: Issuer, people: number): Promise<string[]> {
  const lines = [...sampleCitizens({ count: people * 2, today: TODAY })]
  const [header = '', ...rows] = lines
  const year = Number(TODAY.slice(0, 4)) - 14
  const column = header.trim().split(',').indexOf('birthdate')
  const old = rows.filter((row) => Number(row.split(',')[column]?.slice(0, 4)) < year)
  const input = Readable.from([Buffer.from([header, ...old.slice(0, people + 50)].join(''))])
  await issuer.importCitizens({ input })
  const citizens: string[] = []
  for (let after: string | undefined, more = true; more; ) {
    const page = await issuer.listCitizens({ limit: 1000, ...(after && { after }) })
    citizens.push(...page.citizens.map(({ reference }) => reference))
    after = page.next ?? undefined
    more = page.next !== null
  }
  return citizens.slice(0, people)
}

function byHour(plans: readonly Plan[]): Plan[][] {
  const hours = new Map<number, Plan[]>()
  for (const plan of plans.toSorted((one, other) => one.at - other.at)) {
    const hour = Math.floor(plan.at / 3600)
    hours.set(hour, [...(hours.get(hour) ?? []), plan])
  }
  return [...hours.values()]
}

async function fetch(issuer: Issuer, platforms: readonly Platform[], plan: Plan): Promise<Fetched> {
  const { signer, jwk } = await generateSigner('ES256')
  const { r, b } = blindPlatformId(platforms[plan.platform]?.id ?? '')
  const { batch, credentials } = await issuer.mint({
    citizen: plan.citizen,
    type: NETWORK_CERTIFICATE,
    copies: 'platform',
    holderJwks: [jwk],
    blinded: b,
  })
  return { ...plan, b, r, batch, credential: credentials[0] ?? '', signer }
}

function ofPlatform(fetched: readonly Fetched[], platform: number): Fetched[] {
  return fetched
    .filter((one) => one.platform === platform)
    .toSorted((one, other) => one.person - other.person)
}

async function visitAll(
  platform: Platform,
  copies: readonly Fetched[],
  chance: SampleRandom,
): Promise<Received[]> {
  const { signer } = await generateSigner('ES256')
  const received: Received[] = []
  for (const copy of copies) {
    const times = Array.from({ length: VISITS }, () => copy.at + 3600 + chance.below(25 * DAY))
    const [firstVisit = 0] = times.sort((one, other) => one - other)
    const texts: string[] = []
    for (const time of times) {
      const presentation = await present(platform, copy, new Date(time * 1000))
      texts.push(presentation, await receipt(platform, signer, presentation, time))
    }
    received.push({ person: copy.person, texts, firstVisit })
  }
  return received
}

function present(platform: Platform, copy: Fetched, issuedAt: Date): Promise<string> {
  return createPresentation({
    credential: copy.credential,
    paths: [['platform_number'], ...FACTS],
    audience: audienceOf(platform),
    nonce: generateNonce(),
    issuedAt,
    signer: copy.signer,
    keyBindingClaims: { platform_number_r: copy.r },
  })
}

const audienceOf = ({ id }: Platform) => `redirect_uri:https://${id}.example/response`
const generateNonce = () => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex')

function receipt(
  platform: Platform,
  signer: Signer,
  presentation: string,
  time: number,
): Promise<string> {
  return createDisclosureReceipt({
    signer,
    platformId: platform.id,
    accreditationId: `accreditation-${platform.id}`,
    purposeId: 'sign-in',
    presentations: [presentation],
    issuedAt: new Date(time * 1000),
    retentionEndsAt: new Date((time + 30 * DAY) * 1000),
  })
}

/**
 * Has people fetch a batch of one-time copies, so many in each of some hours, and show one copy at each
 * platform, for facts alone.
 */
export async function showOneTimeCopies(
  world: World,
  options: { readonly people: number; readonly hours: number },
): Promise<[Received[], Received[]]> {
  const { issuer, citizens, clock, platforms } = world
  const chance = createSampleRandom('one-time')
  const sides: [Received[], Received[]] = [[], []]
  for (const [person, citizen] of citizens.slice(0, options.people).entries()) {
    if (person % Math.ceil(options.people / options.hours) === 0) clock.now += 3600
    const holders = await Promise.all(platforms.map(() => generateSigner('ES256')))
    const { credentials } = await issuer.mint({
      citizen,
      type: NETWORK_CERTIFICATE,
      copies: 'one-time',
      holderJwks: holders.map(({ jwk }) => jwk),
    })
    for (const [at, platform] of platforms.entries()) {
      const firstVisit = clock.now + 3600 + chance.below(6 * DAY)
      const presentation = await createPresentation({
        credential: credentials[at] ?? '',
        paths: FACTS,
        audience: audienceOf(platform),
        nonce: generateNonce(),
        issuedAt: new Date(firstVisit * 1000),
        signer: holders[at]?.signer ?? fail(),
      })
      sides[at === 0 ? 0 : 1].push({ person, texts: [presentation], firstVisit })
    }
  }
  return sides
}

function fail(): never {
  throw new Error('no key was made for this copy')
}

/** Publishes the issuer's status lists. */
export async function publishLists({ issuer, dir }: World): Promise<string> {
  const out = join(dir, '..', 'published')
  await issuer.publish({ out })
  return out
}
