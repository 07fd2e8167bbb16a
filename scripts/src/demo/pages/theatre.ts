import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freshnessPolicies } from '@netcert/credential'
import { openRegistrar } from '@netcert/issuer/registrar'
import { parseQuery } from '@netcert/protocol'
import { queries, sectorTemplates } from '@netcert/schemas'
import { createLaneCode, sealLane } from '@netcert/verifier/gate'
import { makeLane, readGateKey } from '@netcert/verifier/gate-open'
import { initVerifier, installAccreditation, readRequestKey } from '@netcert/verifier/server'
import { registrationTemplate, templatePurpose } from '../../platform-template.js'
import { issuerFolder, type Place, publicFolder, rootOf } from '../issuing.js'
import { freePort } from '../listen.js'

/** A theatre with a shop and a door. */
export type Theatre = {
  readonly shopUrl: string
  readonly laneFile: string
  /** Opens the lane file. */
  readonly laneCode: string
  close(): Promise<void>
}

const ID = 'https://theatre.example'
const DAY_SECONDS = 86_400
/** Beside the sources and beside the packed command alike. */
const EXAMPLES = ['../../../../examples', '../../../examples', '../../examples']

/** The shop of the examples; null where only the packages are installed. */
export function findShop(): string | null {
  const found = EXAMPLES.map((path) =>
    fileURLToPath(new URL(`${path}/ticket-shop/shop.js`, import.meta.url)),
  ).find((path) => existsSync(path))
  return found ?? null
}

/** Registers the theatre, has it accredited for its shop and its door, and opens both. */
export async function openTheatre(place: Place, shop: string, walletUrl: string): Promise<Theatre> {
  const dir = join(place.dir, 'platforms', 'theatre')
  const origin = `http://127.0.0.1:${await freePort()}`
  await initVerifier({
    ...{ dir, baseUrl: `${origin}/netcert`, rootDid: await rootOf(place) },
    ...{ listsDir: publicFolder(place), now: place.clock() },
  })
  const { shopToken, doorToken } = await register(place, dir, origin)
  const at = { dir, clock: place.clock, allowHttpLoopback: true }
  await installAccreditation({ ...at, token: shopToken })
  const { laneFile, laneCode } = await makeDoor(place, dir, doorToken)
  const child = await startShop(shop, dir, walletUrl)
  const close = async () => {
    if (hasEnded(child)) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { shopUrl: origin, laneFile, laneCode, close }
}

async function register(place: Place, dir: string, origin: string) {
  const { clock } = place
  const { registrar, close } = await openRegistrar({ dir: issuerFolder(place), clock })
  try {
    const { jwk, receiptUri, deletionUri } = await readRequestKey({ dir })
    const gateKey = await readGateKey({ dir })
    const web = { website: origin, privacy_policy: `${ID}/privacy` }
    const value = {
      ...registrationTemplate([]),
      id: ID,
      name: { 'zh-CN': '山间剧场', en: 'Hillside Theatre' },
      operator: {
        name: { 'zh-CN': '山间剧场有限公司', en: 'Hillside Theatre Ltd' },
        registration_number: 'EX-THEATRE',
      },
      request_jwk: jwk,
      addresses: { ...web, receipt: receiptUri, deletion: deletionUri },
      purposes: [shopPurpose(), { ...doorPurpose(), request_jwk: gateKey.jwk }],
    }
    await registrar.register({ value, update: false })
    const token = async (purpose: string) =>
      (await registrar.accredit({ platform: ID, purpose })).token
    return { shopToken: await token('ticketing'), doorToken: await token('venue-entry') }
  } finally {
    await close()
  }
}

/** Wallets count what a platform was shown in a day: four claims at the shop, two at the door. */
const CLAIMS_A_DAY = 6

/** One ticket each, shows for adults, and accounts: all that the shop asks. */
function shopPurpose() {
  const { credentials, ...purpose } = templatePurpose(
    sectorTemplates.ticketing,
    queries[sectorTemplates.ticketing.query],
  )
  const more = [['presence_at'], ['age_equal_or_over', '18']]
  return {
    ...purpose,
    credentials: credentials.map((it) => ({ ...it, claims: [...it.claims, ...more] })),
    max_claims: CLAIMS_A_DAY,
  }
}

function doorPurpose() {
  const template = sectorTemplates['venue-entry']
  return { ...templatePurpose(template, queries[template.query]), max_claims: CLAIMS_A_DAY }
}

async function makeDoor(place: Place, dir: string, accreditation: string) {
  const settings = await makeLane({
    dir,
    accreditation,
    event: {
      id: 'tonight',
      name: { 'zh-CN': '今晚的演出', en: 'Tonight’s show' },
      endsAt: new Date(place.clock().getTime() + DAY_SECONDS * 1000),
    },
    ...{ gate: 'main', lane: '1', kind: 'fact', rotate: 'epoch', poster: false, paper: true },
    query: parseQuery(queries['gate-age-over-18']),
    freshness: freshnessPolicies['grace-24h'],
    keepLedgerSeconds: DAY_SECONDS,
  })
  const laneCode = createLaneCode()
  const laneFile = join(place.dir, 'lane-1.ncgate')
  await writeFile(laneFile, await sealLane(settings, laneCode), { mode: 0o600 })
  return { laneFile, laneCode }
}

/** The shop in a process of its own, as a platform runs it. */
async function startShop(shop: string, dir: string, walletUrl: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [shop, dir, walletUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { stdout } = child
  if (stdout === null) throw new TypeError('a pipe was asked for')
  // It writes a line when it takes requests.
  await Promise.race([once(createInterface({ input: stdout }), 'line'), once(child, 'exit')])
  if (hasEnded(child)) throw new Error('the shop did not start')
  return child
}

/** By itself or by a signal: Ctrl-C goes to every process of the terminal at once. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
