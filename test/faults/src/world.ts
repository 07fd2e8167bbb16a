import { cpSync, mkdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { initIssuer, openIssuer, sampleCitizens } from '@netcert/issuer'
import { Account, type Findings } from './account.js'
import { type IssuerRun, type IssuerRunOptions, runIssuer } from './issuer-run.js'
import { noKill } from './killable-process.js'

/** An issuer on a data folder, and all that it acknowledged. */
export type World = {
  readonly dir: string
  readonly citizens: readonly string[]
  readonly account: Account
}

const clock = () => new Date()
const today = () => clock().toISOString().slice(0, 10)

/** A new issuer with an imported source, as an operator sets it up. */
export async function createWorld(dir: string): Promise<World> {
  await initIssuer({ dir, baseUrl: 'http://127.0.0.1:8640', now: clock() })
  const { issuer, close } = await openIssuer({ dir, clock })
  try {
    await issuer.importCitizens({ input: Readable.from([Buffer.from(adultCitizens())]) })
    const { citizens } = await issuer.listCitizens({ limit: 100 })
    return { dir, citizens: citizens.map(({ reference }) => reference), account: new Account() }
  } finally {
    await close()
  }
}

/** Those who may hold a certificate of their own. */
function adultCitizens(): string {
  const [header = '', ...rows] = [...sampleCitizens({ count: 100, seed: 1, today: today() })]
  const column = header.split(',').indexOf('birthdate')
  const isAdult = (row: string) => Number(row.split(',')[column]?.slice(0, 4)) <= 2000
  return [header, ...rows.filter(isAdult).slice(0, 30)].join('')
}

/** The same issuer in another folder, which nothing was acknowledged by yet. */
export function copyWorld({ dir, citizens }: World, to: string): World {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  cpSync(dir, to, { recursive: true })
  return { dir: to, citizens, account: new Account() }
}

/** Lets an issuer process mint `count` certificates and keeps the account. */
export async function mint(
  world: World,
  count: number,
  rest: Omit<IssuerRunOptions, 'words'>,
): Promise<{ readonly run: IssuerRun; readonly batches: readonly string[] }> {
  const words = ['mint', world.dir, String(count), ...world.citizens]
  const run = await runIssuer({ words, ...rest })
  return { run, batches: world.account.enter(run.lines) }
}

/** Lets an issuer process revoke batches and keeps the account. */
export async function revoke(
  world: World,
  batches: readonly string[],
  rest: Omit<IssuerRunOptions, 'words'>,
): Promise<IssuerRun> {
  world.account.ask(batches)
  const run = await runIssuer({ words: ['revoke', world.dir, ...batches], ...rest })
  world.account.enter(run.lines)
  return run
}

/**
 * Starts the issuer again after a fault: it has to do its work at once, every certificate that left
 * has to be revocable, and what it publishes has to agree with the account.
 */
export async function restart(
  world: World,
  batches: readonly string[],
): Promise<Findings & { readonly restartSeconds: number }> {
  const { run } = await mint(world, 1, { kill: noKill })
  // Every second one: the others must stay valid, or two share a place.
  const chosen = batches.filter((_, at) => at % 2 === 0)
  const revoked = await revoke(world, chosen, { kill: noKill })
  const done = revoked.lines.filter(({ kind }) => kind === 'revoked').length
  const stuck = done < chosen.length ? [`${chosen.length - done} delivered and not revocable`] : []
  const { lost, doubled } = world.account.check(await publish(world))
  const restartSeconds = run.firstAfterSeconds ?? Number.POSITIVE_INFINITY
  return { lost: [...lost, ...stuck, ...complaints(run)], doubled, restartSeconds }
}

function complaints({ lines, signal, errors }: IssuerRun): string[] {
  const failed = lines.flatMap((line) => (line.kind === 'failed' ? [line.code] : []))
  return [...failed.map((code) => `after the restart: ${code}`), ...(signal ? [signal] : [])].map(
    (text) => `${text} ${errors}`.trim(),
  )
}

/** Publishes the lists as they are now; gives the folder. */
export async function publish({ dir }: World): Promise<string> {
  const out = `${dir}-published`
  const { issuer, close } = await openIssuer({ dir, clock })
  try {
    await issuer.publish({ out })
    return out
  } finally {
    await close()
  }
}

/** Revokes everything that citizens hold, whatever of it was acknowledged. */
export async function revokeCitizens({ dir }: World, citizens: readonly string[]): Promise<void> {
  const { issuer, close } = await openIssuer({ dir, clock })
  try {
    for (const citizen of citizens) {
      await issuer.certificates.setStatus({
        target: { citizen },
        status: 'revoked',
        reason: 'device_lost',
      })
    }
  } finally {
    await close()
  }
}
