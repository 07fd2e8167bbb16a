import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { freePort } from '../free-port.js'
import { jsonOf, netcert, type Run, startNetcert, temporaryFolder } from './netcert-process.js'

/** Issuer and verifier as one `netcert serve all`, and everything around them as real processes. */
export type Wire = {
  readonly folder: ReturnType<typeof temporaryFolder>
  readonly issuer: string
  readonly url: string
  readonly verifierUrl: string
  /** Somebody each: reference, document number, name. */
  readonly people: readonly Person[]
  /** A test may put another in its place. */
  server: Serving
  /** Runs a command on the issuer's folder. */
  at(...args: string[]): Promise<Run>
  /** Runs a wallet command on a wallet of that name. */
  wallet(name: string, ...args: string[]): Promise<Run>
  close(): Promise<void>
}

export type Person = {
  readonly reference: string
  readonly documentNumber: string
  readonly name: string
}

export type Offer = { readonly offer_uri: string; readonly tx_code: string | null }
export type Asked = { readonly request_uri: string; readonly session: string }

/** A server process that said it is ready. */
export type Serving = {
  readonly pid: number | undefined
  readonly ready: { readonly ready: true; readonly url: string; readonly verifier?: string }
  /** What it told its operator so far. */
  log(): string
  /** Ends it with SIGTERM and gives its exit code. */
  end(): Promise<number | null>
}

const LOOPBACK = '--allow-http-loopback'

/** Starts a server and waits for its line. */
export async function serve(...args: string[]): Promise<Serving> {
  const child = startNetcert(['serve', ...args, LOOPBACK, '--json'])
  const texts = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
  await readyOrEnded(child, texts)
  const closed = once(child, 'close')
  return {
    pid: child.pid,
    ready: JSON.parse(texts.stdout) as Serving['ready'],
    log: () => texts.stderr,
    end: async () => {
      child.kill('SIGTERM')
      return ((await closed) as [number | null])[0]
    },
  }
}

async function readyOrEnded(child: ChildProcess, texts: { stdout: string; stderr: string }) {
  while (!texts.stdout.includes('\n')) {
    if (child.exitCode !== null)
      throw new Error(`serve ended with ${child.exitCode}: ${texts.stderr}`)
    await new Promise((later) => setTimeout(later, 20))
  }
}

/** Sets an issuer up with people who live there, and serves it with a verifier beside it. */
export async function startWire(
  options: { readonly initArgs?: readonly string[]; readonly serveArgs?: readonly string[] } = {},
): Promise<Wire> {
  const folder = temporaryFolder()
  const issuer = folder.at('issuer')
  const url = `http://127.0.0.1:${await freePort()}`
  const at = (...args: string[]) => netcert([...args, '--dir', issuer, '--json'])
  jsonOf(await at('init', '--base-url', url, ...(options.initArgs ?? [])))
  const people = await importPeople(folder.at('person.csv'), at)
  const ports = ['--verifier-port', String(await freePort()), ...(options.serveArgs ?? [])]
  const server = await serve('all', '--dir', issuer, ...ports)
  const wire: Wire = {
    folder,
    issuer,
    url,
    verifierUrl: server.ready.verifier ?? '',
    people,
    server,
    at,
    wallet: (name, ...args) =>
      netcert(['wallet', ...args, '--dir', folder.at(name), LOOPBACK, '--json']),
    close: async () => {
      await wire.server.end()
      folder.remove()
    },
  }
  return wire
}

/** Adults, whose references are known because each is imported by itself. */
async function importPeople(file: string, at: Wire['at']): Promise<readonly Person[]> {
  const people: Person[] = []
  for (const seed of ['1', '2', '3']) {
    const { stdout } = await netcert(['citizens', 'sample', '--count', '1', '--seed', seed])
    const [, documentNumber = '', familyName = '', givenName = ''] = stdout
      .split('\n')[1]!
      .split(',')
    const path = `${file}.${seed}`
    writeFileSync(path, stdout)
    jsonOf(await at('citizens', 'import', path))
    const list = jsonOf<{ citizens: { reference: string }[] }>(await at('citizens', 'list'))
    const added = list.citizens.find((it) =>
      people.every((known) => known.reference !== it.reference),
    )
    people.push({ reference: added!.reference, documentNumber, name: familyName + givenName })
  }
  return people
}

/** Offers the first person a certificate. */
export async function offerTo(wire: Wire, ...args: string[]): Promise<Offer> {
  const { reference } = wire.people[0]!
  const types = args.includes('--type') ? [] : ['--type', 'network-certificate']
  return jsonOf<Offer>(await wire.at('offer', 'create', '--citizen', reference, ...types, ...args))
}

/** A wallet of that name that holds what was offered. */
export async function fillWallet(wire: Wire, name: string, ...args: string[]): Promise<void> {
  const { offer_uri, tx_code } = await offerTo(wire, ...args)
  jsonOf(await wire.wallet(name, 'receive', offer_uri, '--tx-code', tx_code ?? ''))
}

/** Asks for an adult. */
export async function ask(wire: Wire, ...args: string[]): Promise<Asked> {
  const query = args.includes('--query') ? [] : ['--query', 'age-over-18']
  return jsonOf<Asked>(await wire.at('request', 'create', ...query, LOOPBACK, ...args))
}

export const resultOf = (wire: Wire, session: string): Promise<Run> =>
  wire.at('request', 'result', session, LOOPBACK)
