import type { IncomingMessage } from 'node:http'

const addresses = new WeakMap<IncomingMessage, string>()

/**
 * Notes where a request came from: the other end of the connection, or, where the operator has
 * named a header that their own proxy sets and overwrites, what stands in it.
 */
export function noteAddress(request: IncomingMessage, header: string | null): void {
  const told = header === null ? undefined : request.headers[header.toLowerCase()]
  const address = typeof told === 'string' && told !== '' ? told : request.socket.remoteAddress
  addresses.set(request, (address ?? 'unknown').slice(0, 64))
}

/** For limits only: it is never logged or kept. */
export function addressOf(request: IncomingMessage): string {
  return addresses.get(request) ?? request.socket.remoteAddress ?? 'unknown'
}
