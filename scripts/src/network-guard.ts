import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { CommandFailure, exitCodes } from './failure.js'

/** The network, shut for this process. */
export type NetworkGuard = {
  /** How often something tried to open a socket or to look a name up. */
  attempts(): number
  /** Opens the network again. */
  restore(): void
}

/** Does a piece of work with the network shut, and opens it again whatever happens. */
export async function withoutNetwork<T>(work: () => Promise<T>): Promise<T> {
  const guard = refuseNetwork()
  try {
    return await work()
  } finally {
    guard.restore()
  }
}

/** Functions that leave the process, by the object that holds them. */
const doors: readonly (readonly [object, readonly string[]])[] = [
  // Every TCP, TLS and HTTP connection, and every local pipe, goes through this one.
  [net.Socket.prototype, ['connect']],
  [dgram.Socket.prototype, ['connect', 'send', 'bind']],
  [dns, ['lookup', 'lookupService', ...resolvers()]],
  [dns.promises, ['lookup', 'lookupService', ...resolvers()]],
  [dns.Resolver.prototype, resolvers()],
  [dns.promises.Resolver.prototype, resolvers()],
  [globalThis, ['fetch', 'WebSocket', 'EventSource']],
]

function resolvers(): readonly string[] {
  return Object.keys(dns).filter((name) => /^(resolve|reverse)/.test(name))
}

/**
 * Shuts the network for this process: every socket, name look-up and fetch throws
 * `network_refused` until {@link NetworkGuard.restore}. Servers that already listen keep running,
 * for they open no connection.
 */
export function refuseNetwork(): NetworkGuard {
  let attempts = 0
  const refuse = () => {
    attempts += 1
    throw new CommandFailure('network_refused', 'A connection was tried while offline.', {
      exit: exitCodes.fault,
      cure: 'This step must not need the network; please report it.',
    })
  }
  const undo = doors.flatMap(([holder, names]) => names.map((name) => shut(holder, name, refuse)))
  syncBuiltinESMExports()
  return {
    attempts: () => attempts,
    restore() {
      for (const open of undo) open()
      syncBuiltinESMExports()
    },
  }
}

function shut(holder: object, name: string, refuse: () => never): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, name)
  if (before === undefined) return () => {}
  Object.defineProperty(holder, name, { configurable: true, writable: true, value: refuse })
  return () => void Object.defineProperty(holder, name, before)
}
