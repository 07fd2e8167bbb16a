import { once } from 'node:events'
import { chmod, lstat, rm } from 'node:fs/promises'
import { createServer, connect as connectSocket, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { IssuerError } from './issuer-error.js'

export type ListenForSigningOptions = {
  readonly opened: { serve(connection: Duplex): void }
  /** Path of the Unix domain socket. */
  readonly socket: string
  /** Whether the group of the socket may ask, too; its owner alone otherwise. */
  readonly forGroup: boolean
}

/**
 * Answers at a Unix domain socket. What is left of an earlier signer is replaced.
 *
 * @throws IssuerError `signer_running` when a signer answers there already, `address_in_use`.
 */
export async function listenForSigning(
  options: ListenForSigningOptions,
): Promise<{ close(): Promise<void> }> {
  const { opened, socket, forGroup } = options
  await removeStale(socket)
  const connections = new Set<Socket>()
  const server = createServer((connection) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
    opened.serve(connection)
  })
  await listen(server, socket)
  await chmod(socket, forGroup ? 0o660 : 0o600)
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const connection of connections) connection.end()
      const late = setTimeout(() => connections.forEach((one) => one.destroy()), 2_000).unref()
      await closed
      clearTimeout(late)
    },
  }
}

/** Opens connections to a signer at a socket; for `connectSigner`. */
export function signerAt(socket: string): () => Promise<Duplex> {
  return async () => {
    const connection = connectSocket(socket)
    await once(connection, 'connect')
    return connection
  }
}

async function listen(server: Server, socket: string): Promise<void> {
  // Bound at once: nobody else may connect between the making of the socket and its mode.
  const before = process.umask(0o177)
  try {
    server.listen(socket)
  } finally {
    process.umask(before)
  }
  await once(server, 'listening').catch((cause: unknown) => {
    const text = `Nothing can listen at ${socket}; name a path in a folder of the signer's own.`
    throw new IssuerError('address_in_use', text, { cause })
  })
}

async function removeStale(socket: string): Promise<void> {
  const found = await lstat(socket).catch(() => undefined)
  if (found === undefined) return
  const text = `There is something at ${socket} that is no socket; name another path.`
  if (!found.isSocket()) throw new IssuerError('address_in_use', text)
  const answers = await signerAt(socket)().then(
    (connection) => (connection.destroy(), true),
    () => false,
  )
  if (answers) {
    throw new IssuerError('signer_running', `A signer answers at ${socket} already; end it first.`)
  }
  await rm(socket)
}
