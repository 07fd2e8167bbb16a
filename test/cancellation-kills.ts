import { randomInt } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { IssuerError, openIssuer } from '@netcert/issuer'
import { openIssuerGround } from '../packages/issuer/src/open.js'
import { buildChildProgram, runChildProgram } from './child-program.js'
import type { TestDatabases } from './database-engines.js'
import {
  holderKeys,
  startTestIssuer,
  temporaryFolder,
  type TestIssuer,
  testClock,
} from './issuer-ground.js'

/** What kills left behind, over all trials. */
export type KilledCancellations = {
  readonly trials: number
  /** People who were wholly there afterwards, and who were wholly gone. */
  readonly there: number
  readonly gone: number
  /** What must be none: neither, a lost or changed receipt, a name still in the files. */
  readonly wrong: readonly string[]
}

const PEOPLE_PER_TRIAL = 3

/**
 * Kills a process in the middle of cancelling, again and again, and looks at what is there after a
 * restart. Whoever was gone stays gone, with the receipt that was answered.
 */
export async function killCancellations(
  databases: TestDatabases,
  { trials, citizens: count }: { readonly trials: number; readonly citizens: number },
): Promise<KilledCancellations> {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  const issuer = await startTestIssuer({ dir, databases, citizens: count })
  // Reading the files' bytes drops this process's locks on them: only who is looked at has them open.
  await issuer.close()
  const program = await buildChildProgram('test/issuer-cancel-program.ts')
  const wrong: string[] = []
  const counts = { there: 0, gone: 0 }
  for (let trial = 0; trial < trials; trial++) {
    const citizens = await enrolNext(issuer, trial)
    const answered = await killInside(program, issuer.dir, citizens)
    for (const state of await statesAfter(issuer.dir, citizens, answered)) {
      if (state === 'there' || state === 'gone') counts[state] += 1
      else wrong.push(`trial ${trial}: ${state}`)
    }
  }
  await folder.remove()
  return { trials, ...counts, wrong }
}

/** Enrols the next people who may hold a certificate of their own. */
async function enrolNext({ dir, citizens }: TestIssuer, trial: number): Promise<string[]> {
  const { issuer, close } = await openIssuer({ dir, clock: testClock })
  const enrolled: string[] = []
  for (let at = trial * PEOPLE_PER_TRIAL; enrolled.length < PEOPLE_PER_TRIAL; at++) {
    const citizen = citizens[at % citizens.length] ?? ''
    const holderJwks = await holderKeys(1)
    const wish = { citizen, type: NETWORK_CERTIFICATE, copies: 'platform', holderJwks } as const
    const isAdult = await issuer.mint(wish).then(() => true, isOfAge)
    if (isAdult && !enrolled.includes(citizen)) enrolled.push(citizen)
  }
  await close()
  return enrolled
}

function isOfAge(error: unknown): boolean {
  if (error instanceof IssuerError && error.code === 'age_not_allowed') return false
  throw error instanceof Error ? error : new Error('no error')
}

/** Receipts that were answered before the kill, by citizen. */
async function killInside(program: string, dir: string, citizens: readonly string[]) {
  const run = runChildProgram(program, [dir, ...citizens])
  while (run.lines.length === 0 && run.child.exitCode === null) await pause(2)
  await pause(randomInt(40))
  run.child.kill('SIGKILL')
  await run.ended
  const lines = run.lines.slice(1).map((line) => line.split(' ') as [string, string])
  return new Map(lines)
}

async function statesAfter(
  dir: string,
  citizens: readonly string[],
  answered: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const { issuer, ground, close } = await openIssuerGround({ dir, clock: testClock })
  const { kysely } = ground.database
  await issuer.retention.run({ dryRun: false })
  const bytes = await databaseBytes(dir)
  const states: string[] = []
  for (const citizen of citizens) {
    const person = await kysely
      .selectFrom('persons')
      .select('id')
      .where('citizen', '=', citizen)
      .executeTakeFirst()
    const isNamed = bytes.includes(citizen)
    if (person !== undefined) {
      const batches = await kysely
        .selectFrom('batches')
        .select('status')
        .where('person', '=', person.id)
        .execute()
      const isWhole = batches.length > 0 && batches.every(({ status }) => status === 0)
      if (answered.has(citizen)) states.push('answered, and there again')
      else states.push(isWhole && isNamed ? 'there' : 'half there')
      continue
    }
    const { receipt, report } = await issuer.erasure.cancel(citizen)
    const said = answered.get(citizen)
    if (report !== null) states.push('cancelled twice')
    else if (said !== undefined && said !== receipt) states.push('another receipt')
    else states.push(isNamed ? 'gone, and still in the files' : 'gone')
  }
  const { firstBad } = await issuer.auditLog.verify()
  if (firstBad !== null) states.push('the audit log is not whole')
  await close()
  return states
}

async function databaseBytes(dir: string): Promise<Buffer> {
  const names = (await readdir(dir)).filter((name) => name.startsWith('issuer.sqlite'))
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(dir, name)))))
}
