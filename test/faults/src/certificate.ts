/**
 * Reads a certificate and a status list with nothing of the packages under test: what the faults are
 * counted by must not share their mistakes.
 */
import { inflateSync } from 'node:zlib'

export type Place = { readonly uri: string; readonly index: number }

const decode = (part: string): string => Buffer.from(part, 'base64url').toString('utf8')

const payloadOf = (jwt: string) => JSON.parse(decode(jwt.split('.')[1] ?? ''))

/** Where a certificate stands on the status lists. */
export function placeOf(credential: string): Place {
  const { uri, idx } = payloadOf(credential.split('~')[0] ?? '').status.status_list
  return { uri, index: idx }
}

/** The network number in a certificate, which its holder sees and nobody else. */
export function networkNumberOf(credential: string): string | undefined {
  const disclosures = credential
    .split('~')
    .slice(1, -1)
    .map((part) => JSON.parse(decode(part)))
  return disclosures.find(([, name]) => name === 'network_number')?.[2]
}

/** The entries of a published list, expanded. Token Status List §4.1: lowest bits first. */
export type ExpandedList = { readonly uri: string; statusAt(index: number): number }

export function expandList(token: string): ExpandedList {
  const { sub, status_list: list } = payloadOf(token)
  const bytes = inflateSync(Buffer.from(list.lst, 'base64url'))
  const perByte = 8 / list.bits
  const mask = 2 ** list.bits - 1
  return {
    uri: sub,
    statusAt: (index) =>
      ((bytes[Math.floor(index / perByte)] ?? 0) >> ((index % perByte) * list.bits)) & mask,
  }
}
