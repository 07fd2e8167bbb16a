import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Duplex } from 'node:stream'

/** The descriptor at which a signer finds the connection it was started with. */
export const INHERITED = 3

/** The signer of a server, in a process of its own that ends with it. */
export type SignerProcess = {
  /** Starts it, and starts it again when it has ended; gives the connection to it. */
  connect(): Promise<Duplex>
  /** Waits for its end; close the connection before. */
  ended(): Promise<void>
}

const RESTART_MILLISECONDS = 1_000

/** Prepares a signer for a data folder. It is asked over a socket pair that nobody else can reach. */
export function signerProcess(options: {
  readonly dir: string
  readonly json: boolean
  readonly log: (line: string) => void
}): SignerProcess {
  const { dir, json, log } = options
  let child: ChildProcess | undefined
  let startedAt = Number.NEGATIVE_INFINITY
  return {
    async connect() {
      if (performance.now() - startedAt < RESTART_MILLISECONDS) {
        throw new Error('it ended as soon as it was started')
      }
      startedAt = performance.now()
      if (child !== undefined) log('the signer has ended and is started again')
      const [, program = ''] = process.argv
      const words = [program, 'signer', '--inherited', '--dir', dir, ...(json ? ['--json'] : [])]
      child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] })
      const connection = child.stdio[INHERITED]
      if (!(connection instanceof Duplex)) throw new TypeError('a pipe goes both ways')
      // What cannot be started has a connection that ends, and that is what counts.
      child.on('error', () => connection.destroy())
      return connection
    },
    async ended() {
      const last = child
      if (last?.pid === undefined || last.exitCode !== null || last.signalCode !== null) return
      const late = setTimeout(() => last.kill('SIGKILL'), 5_000)
      await once(last, 'exit')
      clearTimeout(late)
    },
  }
}
