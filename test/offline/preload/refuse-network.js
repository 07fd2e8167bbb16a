import { appendFileSync } from 'node:fs'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'

/**
 * Loaded before a program that has to do without a network: whatever opens a socket or asks for a name
 * throws, and is written down in the file that OFFLINE_RECORD names. Servers may listen.
 */

const record = process.env['OFFLINE_RECORD'] ?? ''

/** @param {string} name */
function refuse(name) {
  return () => {
    appendFileSync(record, `${name}\n`)
    throw new Error(`the network was asked for: ${name}`)
  }
}

/** @param {object} holder @param {string} of @param {readonly string[]} names */
function shut(holder, of, names) {
  for (const name of names) Reflect.set(holder, name, refuse(`${of}.${name}`))
}

const resolvers = Object.keys(dns).filter((name) => /^(resolve|reverse|lookup)/.test(name))
shut(net.Socket.prototype, 'net.Socket', ['connect'])
shut(net, 'net', ['connect', 'createConnection'])
shut(tls, 'tls', ['connect'])
shut(dgram.Socket.prototype, 'dgram.Socket', ['connect', 'send', 'bind'])
const realLookup = dns.lookup
shut(dns, 'dns', resolvers)
const refusedLookup = dns.lookup
// A server that listens on an address has it looked up, which asks nobody.
Reflect.set(dns, 'lookup', (/** @type {any[]} */ ...parts) =>
  Reflect.apply(net.isIP(String(parts[0])) === 0 ? refusedLookup : realLookup, dns, parts),
)
shut(dns.promises, 'dns.promises', resolvers)
shut(globalThis, 'global', ['fetch', 'WebSocket', 'EventSource'])
syncBuiltinESMExports()
appendFileSync(record, '')
