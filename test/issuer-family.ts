import { join } from 'node:path'
import { Readable } from 'node:stream'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { CITIZEN_COLUMNS, type Issuer, type MintedBatch, type MintOptions } from '@netcert/issuer'
import { afterEach, beforeEach } from 'vitest'
import type { TestDatabases } from './database-engines.js'
import {
  holderKeys,
  startTestIssuer,
  type TestIssuer,
  temporaryFolder,
  testClock,
} from './issuer-ground.js'

/** A parent, two minors the parent answers for, and somebody else. */
const FAMILY = {
  parent: 'resident_id,990217198905047852,于,敏静,female,1989-05-04,CHN,GD,10009155296,,',
  child:
    'resident_id,99066420140303098X,王,小明,male,2014-03-03,CHN,BJ,10000864420,,990217198905047852',
  teen: 'passport,EX7654321,王,小红,female,2010-01-01,CHN,BJ,10000864421,,990217198905047852',
  stranger: 'passport,EX7654322,李,四,male,1980-01-01,CHN,BJ,10000864422,,',
} as const

export type FamilyMember = keyof typeof FAMILY

/** An issuer that is new for each test, and the references of the family in its source. */
export type IssuerFamily = {
  readonly test: TestIssuer
  readonly issuer: Issuer
  /** A folder beside the issuer's. */
  readonly folder: string
  now: Date
  person(member: FamilyMember): string
  /** Mints; a platform copy for the parent unless said otherwise. */
  mint(options: Partial<MintOptions> & { keys?: number }): Promise<MintedBatch>
}

/** Call inside a `describe`; the issuer is there within its tests. */
export function issuerFamily(
  databases: TestDatabases,
  keyMode: 'did:key' | 'x5c' = 'did:key',
): IssuerFamily {
  let test: TestIssuer | undefined
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined
  const references = new Map<FamilyMember, string>()
  const started = <Thing>(thing: Thing | undefined): Thing => {
    if (thing === undefined) throw new Error('the issuer is there within a test only')
    return thing
  }
  const family: IssuerFamily = {
    get test() {
      return started(test)
    },
    get issuer() {
      return started(test).issuer
    },
    get folder() {
      return started(folder).path
    },
    now: testClock(),
    person: (member) => started(references.get(member)),
    mint: async ({ keys = 1, ...options }) =>
      started(test).issuer.mint({
        citizen: started(references.get('parent')),
        type: NETWORK_CERTIFICATE,
        copies: 'platform',
        holderJwks: options.holderJwks ?? (await holderKeys(keys)),
        ...options,
      }),
  }
  beforeEach(async () => {
    family.now = testClock()
    folder = await temporaryFolder()
    const dir = join(folder.path, 'issuer')
    test = await startTestIssuer({ dir, databases, keyMode, clock: () => family.now })
    for (const [member, row] of Object.entries(FAMILY)) {
      references.set(member as FamilyMember, await importOne(test.issuer, row))
    }
  })
  afterEach(async () => {
    await test?.close()
    await folder?.remove()
  })
  return family
}

/** Imports one row; its reference is the one that was not there before. */
async function importOne(issuer: Issuer, row: string): Promise<string> {
  const before = await issuer.listCitizens({ limit: 100 })
  const input = Readable.from([Buffer.from(`${CITIZEN_COLUMNS.join(',')}\n${row}\n`)])
  const report = await issuer.importCitizens({ input })
  const known = new Set(before.citizens.map(({ reference }) => reference))
  const after = await issuer.listCitizens({ limit: 100 })
  const added = after.citizens.find(({ reference }) => !known.has(reference))
  if (added === undefined) throw new Error(`not imported: ${JSON.stringify(report.refused)}`)
  return added.reference
}
