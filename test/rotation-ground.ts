import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createTrust,
  generateSigner,
  type PublicJwk,
  readStatus,
  type Trust,
  verifyReceivedCredential,
  withStatusLists,
  withTrustList,
} from '@netcert/credential'
import { expect } from 'vitest'
import type { TestDatabases } from './database-engines.js'
import { type IssuerFamily, issuerFamily } from './issuer-family.js'

export const DAY = 86_400_000

export type Held = { readonly credential: string; readonly jwk: PublicJwk }

/** An issuer whose keys change, and verifiers that fetch what it publishes when they like. */
export type RotationGround = {
  readonly family: IssuerFamily
  later(days: number): void
  /** A published file. */
  read(name: string): Promise<string>
  /** What a verifier believes that fetches what is published now, after what it believed before. */
  refreshed(before?: Trust): Promise<Trust>
  minted(): Promise<Held & { readonly batch: string }>
  received(trust: Trust, held: Held): ReturnType<typeof verifyReceivedCredential>
  statusOf(trust: Trust, held: Held): Promise<number | 'missing'>
  /** Name and state of each key of certificates and status lists, in the order of names. */
  states(): Promise<string[]>
}

/** Call inside a `describe`; it is there within its tests. */
export function rotationGround(
  databases: TestDatabases,
  keyMode: 'did:key' | 'x5c',
): RotationGround {
  const family = issuerFamily(databases, keyMode)
  const out = () => join(family.folder, 'public')
  const read = (name: string) => readFile(join(out(), name), 'utf8')
  const received = (trust: Trust, { credential, jwk }: Held) =>
    verifyReceivedCredential(trust, credential, { now: family.now, holderJwk: jwk })
  return {
    family,
    read,
    received,
    later(days) {
      family.now = new Date(family.now.getTime() + days * DAY)
    },
    async refreshed(before) {
      await family.issuer.publish({ out: out() })
      const rootDids = [family.test.rootDid]
      const asked = { rootDids, now: family.now, graceSeconds: 0 }
      const trustListToken = await read('trust-list.jwt')
      const trust =
        before === undefined
          ? await createTrust({ ...asked, trustListToken, minimumSequence: 0 })
          : await withTrustList(before, { ...asked, trustListToken })
      const lists = await withStatusLists(trust, [await read('status/1.jwt')], family.now)
      expect(lists.refused).toEqual([])
      return lists.trust
    },
    async minted() {
      const { jwk } = await generateSigner('ES256')
      const { batch, credentials } = await family.mint({ holderJwks: [jwk] })
      return { batch, credential: credentials[0] ?? '', jwk }
    },
    async statusOf(trust, held) {
      const { issuer, status } = await received(trust, held)
      const list = trust.issuers.get(issuer)?.statusLists.get(status?.uri ?? '')
      return list === undefined ? 'missing' : readStatus(list.list, status?.index ?? -1)
    },
    states: async () =>
      (await family.issuer.keys.list())
        .filter(({ use }) => use === 'credential' || use === 'status')
        .map(({ alias, state }) => `${alias} ${state}`)
        .toSorted(),
  }
}
