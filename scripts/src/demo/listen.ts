import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CommandFailure, exitCodes } from '../failure.js'

/** A server that listens on this machine only. */
export type Listening = {
  readonly url: string
  /** Whether the port asked for was taken, so that another was picked. */
  readonly moved: boolean
  close(): Promise<void>
}

/** Where a server shall listen. */
export type ListenOptions = {
  readonly server: Server
  readonly port: number
  /** Whether another port will do when this one is taken. */
  readonly orAnother: boolean
}

/**
 * Listens on the loopback address.
 *
 * @throws CommandFailure `address_in_use` when the port is taken and no other will do,
 *   `address_forbidden` when it may not be used.
 */
export async function listen({ server, port, orAnother }: ListenOptions): Promise<Listening> {
  const moved = await tryPort(server, port).then(
    () => false,
    async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && orAnother) {
        await tryPort(server, 0)
        return true
      }
      throw portFailure(port, error)
    },
  )
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    moved,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** A port that was free a moment ago: base URLs are fixed before anything listens. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await tryPort(probe, 0)
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function tryPort(server: Server, port: number): Promise<void> {
  server.listen({ port, host: '127.0.0.1', exclusive: true })
  await once(server, 'listening')
}

function portFailure(port: number, error: NodeJS.ErrnoException): unknown {
  if (error.code === 'EADDRINUSE') {
    return new CommandFailure('address_in_use', `Port ${port} of this machine is in use.`, {
      exit: exitCodes.fault,
      cure: 'Choose another with --port, or leave --port away: then a free one is picked.',
    })
  }
  if (error.code !== 'EACCES') return error
  return new CommandFailure('address_forbidden', `Port ${port} may not be used.`, {
    exit: exitCodes.fault,
    cure: 'Choose a port above 1023 with --port.',
  })
}
