import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import {
  civilDateAt,
  examineIssuer,
  initIssuer,
  type Problem,
  sampleCitizens,
} from '@netcert/issuer'
import { atIssuer, issuerFolder, type Place, publishFiles } from '../demo/issuing.js'
import { askWallet, openPlatform, platformTrust, TICKETS } from '../demo/platform.js'
import { ageOver18 } from '../demo/platform.js'
import { describeFailure } from '../describe-failure.js'
import { mintToWallet } from '../mint-to-wallet.js'
import type { DrillStep } from './drill.js'

/** A certificate of the drill: who has it, and how it is revoked. */
export type DrillCopy = { readonly walletDir: string; readonly batch: string }

/** An issuer made for one drill and thrown away after it, and what can be done and seen there. */
export type DrillGround = {
  readonly place: Place
  /** Moves the clock of everybody in the drill. */
  wait(seconds: number): void
  /** Mints a platform copy into a wallet of its own. */
  mint(): Promise<DrillCopy>
  publish(): Promise<void>
  did(what: string): void
  /** Begins the way back; its time is taken until the drill ends. */
  recover(what: string): void
  /** A platform that has just copied the lists accepts. @throws what it refuses with */
  accepted(what: string, copy: DrillCopy): Promise<void>
  /** @throws DrillFailed when it works, or is refused with a code not among `codes`. */
  refused(what: string, codes: readonly string[], work: () => Promise<unknown>): Promise<void>
  /** The platform refuses. @throws as `refused` */
  rejected(what: string, copy: DrillCopy, codes: readonly string[]): Promise<void>
  /** `netcert doctor` names it. @throws DrillFailed */
  noticed(code: Problem['code']): Promise<void>
}

/** What a drill did and saw. */
export type DrillRecord = {
  readonly steps: readonly DrillStep[]
  /** When the way back began, of `performance.now`; `null` before. */
  readonly recoveryBegan: number | null
}

/** The drill did not go as it must. */
export class DrillFailed extends Error {}

/** Nothing of a drill can be taken for the real thing: no such host exists, and the root is its own. */
const DRILL_BASE_URL = 'https://drill.netcert.invalid'
/** The first rows of a sample are adults. */
const CITIZENS = 4

/** Makes an issuer with four synthetic citizens in a folder of its own, for the time of `work`. */
export async function onDrillGround(
  work: (ground: DrillGround) => Promise<void>,
  onEnd: (record: DrillRecord) => void,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'netcert-drill-'))
  const record: { steps: DrillStep[]; recoveryBegan: number | null } = {
    steps: [],
    recoveryBegan: null,
  }
  try {
    await work(await createGround(dir, record))
  } finally {
    onEnd(record)
    await rm(dir, { recursive: true, force: true })
  }
}

async function createGround(
  dir: string,
  record: { steps: DrillStep[]; recoveryBegan: number | null },
): Promise<DrillGround> {
  let ahead = 0
  const clock = () => new Date(Date.now() + ahead * 1000)
  const place = { dir, clock, baseUrl: DRILL_BASE_URL }
  const citizens = await setUp(place)
  let minted = 0
  const note = (what: string, code?: string): void => {
    const recovering = record.recoveryBegan !== null
    record.steps.push({ what, recovering, ...(code === undefined ? {} : { code }) })
  }
  const refused: DrillGround['refused'] = async (what, codes, work) => {
    note(what, await codeOf(what, codes, work))
  }
  return {
    place,
    wait: (seconds) => void (ahead += seconds),
    mint: () => mintCopy(place, citizens, minted++),
    publish: () => publishFiles(place),
    did: (what) => note(what),
    recover(what) {
      record.recoveryBegan = performance.now()
      note(what)
    },
    async accepted(what, copy) {
      await show(place, copy)
      note(what)
    },
    refused,
    rejected: (what, copy, codes) => refused(what, codes, () => show(place, copy)),
    noticed: async (code) => note(`netcert doctor: ${await whatDoctorSays(place, code)}`, code),
  }
}

async function whatDoctorSays(place: Place, code: Problem['code']): Promise<string> {
  const found = await examineIssuer({ dir: issuerFolder(place), clock: place.clock })
  const problem = found.find((one) => one.code === code)
  const seen = found.map((one) => one.code).join(', ')
  if (problem === undefined) throw new DrillFailed(`doctor names ${seen}, and not ${code}`)
  return problem.what
}

async function setUp(place: Place): Promise<readonly string[]> {
  const { baseUrl, clock } = place
  await initIssuer({ dir: issuerFolder(place), baseUrl, now: clock() })
  return atIssuer(place, async (issuer) => {
    const lines = [...sampleCitizens({ count: CITIZENS, today: civilDateAt(clock()) })]
    await issuer.importCitizens({ input: Readable.from([Buffer.from(lines.join(''))]) })
    const { citizens } = await issuer.listCitizens({ limit: CITIZENS })
    return citizens.map(({ reference }) => reference)
  })
}

async function mintCopy(
  place: Place,
  citizens: readonly string[],
  number: number,
): Promise<DrillCopy> {
  const walletDir = join(place.dir, 'wallets', String(number))
  const citizen = citizens[number % citizens.length]
  if (citizen === undefined) throw new DrillFailed('no citizen was imported')
  const { clock } = place
  const { batch } = await atIssuer(place, (issuer) =>
    mintToWallet({
      ...{ issuer, issuerDir: issuerFolder(place), clock, citizen, walletDir },
      type: NETWORK_CERTIFICATE,
      copies: 'platform',
    }),
  )
  return { walletDir, batch }
}

async function show(place: Place, { walletDir }: DrillCopy): Promise<void> {
  const { clock } = place
  const trust = await platformTrust(place)
  const platform = openPlatform(() => trust, clock)
  const { id, nonce } = await platform.createSession({ query: ageOver18 })
  const asked = { walletDir, clock, nonce, kind: 'platform', audience: TICKETS } as const
  const { presentation } = await askWallet(asked)
  await platform.verify({ session: id, presentation })
}

async function codeOf(
  what: string,
  codes: readonly string[],
  work: () => Promise<unknown>,
): Promise<string> {
  try {
    await work()
  } catch (error) {
    const { code } = describeFailure(error)
    if (codes.includes(code)) return code
    throw new DrillFailed(`${what}: refused with ${code}, not ${codes.join(' or ')}`, {
      cause: error,
    })
  }
  throw new DrillFailed(`${what}: it worked, and must be refused`)
}
