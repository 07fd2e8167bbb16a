import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, chownSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.js'

const run = promisify(execFile)
const DEBIAN_FOLDER = '/usr/lib/postgresql'
const SUPERUSER = 'netcert'

/** A PostgreSQL server of the test's own, in a temporary folder. */
export type PostgresCluster = {
  readonly port: number
  /** Makes a new empty database and gives its connection string. */
  createDatabase(): Promise<string>
  /** Stops the server as a crash would, and starts it again on the same port. */
  restart(): Promise<void>
  /** Stops the server and removes the folder. */
  stop(): Promise<void>
}

/** Whether PostgreSQL's server programs are on this machine. */
export function postgresInstalled(): boolean {
  return programFolder() !== undefined
}

/**
 * Starts a PostgreSQL cluster on a free loopback port.
 *
 * `postgres` refuses to run as root; then it runs as the system's `postgres` user.
 */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  const programs = programFolder()
  if (programs === undefined) {
    throw new Error('PostgreSQL is not installed: apt-get install postgresql, then run again')
  }
  const owner = await serverUser()
  const folder = await mkdtemp(join(tmpdir(), 'netcert-postgres-'))
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  const cluster: Cluster = { programs, owner, folder, port: await freePort() }
  try {
    await initialise(cluster)
    await start(cluster)
  } catch (error) {
    await remove(cluster)
    throw error
  }
  return {
    port: cluster.port,
    createDatabase: () => createDatabase(cluster.port),
    restart: async () => {
      await stop(cluster)
      await start(cluster)
    },
    stop: async () => {
      await stop(cluster)
      await remove(cluster)
    },
  }
}

type SystemUser = { readonly uid: number; readonly gid: number }
type Cluster = {
  readonly programs: string
  readonly owner: SystemUser | undefined
  readonly folder: string
  readonly port: number
}

/** Debian keeps the server programs out of PATH; what is found there may be a wrapper. */
function programFolder(): string | undefined {
  const debian = safeList(DEBIAN_FOLDER)
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(DEBIAN_FOLDER, version, 'bin'))
  const onPath = (process.env['PATH'] ?? '').split(':')
  return [...debian, ...onPath].find((folder) => exists(join(folder, 'initdb')))
}

function safeList(folder: string): string[] {
  return exists(folder) ? readdirSync(folder) : []
}

function exists(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

async function serverUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const uid = Number((await run('id', ['-u', 'postgres'])).stdout)
  const gid = Number((await run('id', ['-g', 'postgres'])).stdout)
  return { uid, gid }
}

async function initialise(cluster: Cluster): Promise<void> {
  const { folder } = cluster
  // Loopback only, and only for the life of a test: no password. Plain C order, as in SQLite.
  await runProgram(cluster, 'initdb', [
    `--pgdata=${join(folder, 'data')}`,
    `--username=${SUPERUSER}`,
    '--auth=trust',
    '--locale=C',
    '--encoding=UTF8',
    '--no-sync',
  ])
}

async function start(cluster: Cluster): Promise<void> {
  const { folder, port } = cluster
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=''`
  await runProgram(cluster, 'pg_ctl', [
    'start',
    '--wait',
    '--silent',
    `--pgdata=${join(folder, 'data')}`,
    `--log=${join(folder, 'server.log')}`,
    `--options=${settings}`,
  ])
}

async function stop(cluster: Cluster): Promise<void> {
  const data = join(cluster.folder, 'data')
  await runProgram(cluster, 'pg_ctl', ['stop', '--pgdata', data, '--mode', 'immediate'])
}

async function remove({ folder }: Cluster): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

async function runProgram(cluster: Cluster, name: string, args: string[]): Promise<void> {
  const { owner, programs, folder } = cluster
  // The server must not inherit our pipes, or the call would last as long as the server.
  await run(join(programs, name), args, { cwd: folder, ...owner, timeout: 60_000 })
}

async function createDatabase(port: number): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const address = `postgres://${SUPERUSER}@127.0.0.1:${port}`
  const client = new pg.Client({ connectionString: `${address}/postgres` })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${name}`)
  } finally {
    await client.end()
  }
  return `${address}/${name}`
}
