import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeStatusList, type JsonObject, readStatus, type StatusList } from '@netcert/credential'
import { leavesOf } from './leaves.js'
import type { Dossier } from './matching.js'
import type { Received } from './population.js'

/** The status lists of an issuer, as everybody can read them. */
export type Lists = ReadonlyMap<string, StatusList>

export async function readLists(published: string): Promise<Lists> {
  const token = await readFile(join(published, 'status', '1.jwt'), 'utf8')
  const { sub, status_list: list } = payloadOf(token)
  return new Map([[sub as string, decodeStatusList(list, 2 ** 24)]])
}

/** What a platform can tell of its visitors, in the order of persons. */
export function dossiersOf(received: readonly Received[], lists: Lists): Dossier[] {
  const order = received.toSorted((one, other) => one.firstVisit - other.firstVisit)
  const arrivals = new Map(order.map(({ person }, at) => [person, at]))
  return received.map(({ person, texts }) => ({
    leaves: leavesOf(texts),
    facts: factsOf(texts[0] ?? '', lists),
    arrival: arrivals.get(person) ?? 0,
  }))
}

/** The disclosed facts, and what everybody can see of the certificate. */
function factsOf(presentation: string, lists: Lists): string {
  const [jwt = '', ...disclosures] = presentation.split('~').slice(0, -1)
  const shown = disclosures
    .map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[])
    .filter(([, name]) => name !== 'platform_number' && name !== 'age_equal_or_over')
    .map(([, name, value]) => `${String(name)}=${String(value)}`)
  return [...shown.toSorted(), publicOf(jwt, lists)].join(' ')
}

/**
 * A copy with a status: whether it is set. One without: its hour, which all copies of its batch bear;
 * so those it can hide among are the people who were served in that hour.
 */
function publicOf(jwt: string, lists: Lists): string {
  const { status, iat } = payloadOf(jwt)
  if (status === undefined) return `hour=${String(iat as number)}`
  const { status_list: place } = status as { status_list: { idx: number; uri: string } }
  const list = lists.get(place.uri)
  return `status=${list === undefined ? 0 : readStatus(list, place.idx)}`
}

export function payloadOf(jwt: string): JsonObject {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as JsonObject
}
