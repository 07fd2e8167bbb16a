import { join } from 'node:path'
import { Readable } from 'node:stream'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { CITIZEN_COLUMNS, type Issuer } from '@netcert/issuer'
import { afterAll, beforeAll } from 'vitest'
import type { LoginCodeMessage } from '../packages/issuer/src/as-login-code.js'
import type { TestDatabases } from './database-engines.js'
import {
  holderKeys,
  startTestIssuer,
  type TestIssuer,
  temporaryFolder,
  testClock,
} from './issuer-ground.js'
import { blindFor, claimsOf } from './numbered-copies.js'

/** What somebody of the authentic source writes into an application. */
export type Stated = {
  readonly document: { readonly type: string; readonly number: string }
  readonly family_name: string
  readonly given_name: string
  readonly birthdate: string
}

/** One issuer for a whole `describe`, with people who have not applied yet. */
export type ApplicationGround = {
  readonly test: TestIssuer
  readonly issuer: Issuer
  readonly folder: string
  now: Date
  later(seconds: number): void
  /** Somebody nobody has used in a test yet. */
  applicant(): Stated & { readonly phone: string }
  submit(stated: Stated, changes?: object): Promise<string>
  /** Submitted, compared, and seen at the counter. */
  checked(stated: Stated, changes?: object, face?: boolean): Promise<string>
  /** The code that was sent for an application. */
  codeOf(id: string): Promise<LoginCodeMessage | undefined>
  /** The network number and the number at one platform, by a copy that is minted. */
  numbersOf(citizen: string): Promise<{ readonly network: unknown; readonly platform: string }>
}

const PEOPLE = 60
const GIVEN = ['明', '芳', '伟', '静', '敏', '强', '洋', '艳', '勇', '军']

/** Call inside a `describe`. */
export function applicationGround(databases: TestDatabases): ApplicationGround {
  let test: TestIssuer | undefined
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined
  let used = 0
  const started = <Thing>(thing: Thing | undefined): Thing => {
    if (thing === undefined) throw new Error('the issuer is there within a test only')
    return thing
  }
  beforeAll(async () => {
    folder = await temporaryFolder()
    const dir = join(folder.path, 'issuer')
    test = await startTestIssuer({ dir, databases, clock: () => ground.now })
    const input = Readable.from([Buffer.from(people().join('\n'))])
    const { accepted } = await test.issuer.importCitizens({ input })
    if (accepted !== PEOPLE + 1) throw new Error('the people were not imported')
  })
  afterAll(async () => {
    await test?.close()
    await folder?.remove()
  })
  const ground: ApplicationGround = {
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
    later: (seconds) => {
      ground.now = new Date(ground.now.getTime() + seconds * 1000)
    },
    applicant: () => person(used++),
    submit: async ({ document, family_name, given_name, birthdate }, changes = {}) => {
      const { applications } = ground.issuer
      const consent = { purposes: applications.purposes().digest, language: 'zh-CN' }
      const stated = { document, family_name, given_name, birthdate }
      return (await applications.submit({ ...stated, consent, ...changes })).id
    },
    checked: async (stated, changes = {}, face = true) => {
      const id = await ground.submit(stated, changes)
      await ground.issuer.applications.addEvidence(id, 'registry', null)
      await ground.issuer.applications.addEvidence(id, 'presence', { counter: { face } })
      return id
    },
    codeOf: async (id) => {
      const sent: LoginCodeMessage[] = []
      const sender = { send: async (message: LoginCodeMessage) => void sent.push(message) }
      await ground.issuer.applications.sendPhoneCode(id, { language: 'zh-CN', sender })
      return sent[0]
    },
    numbersOf: (citizen) => numbersOf(ground.issuer, citizen),
  }
  return ground
}

/** A minor among them. */
export const TEEN: Stated = {
  document: { type: 'passport', number: 'EX9000000' },
  family_name: '王',
  given_name: '小红',
  birthdate: '2010-01-01',
}

async function numbersOf(issuer: Issuer, citizen: string) {
  const blinding = blindFor('p-4711')
  const { credentials } = await issuer.mint({
    citizen,
    type: NETWORK_CERTIFICATE,
    copies: 'platform',
    holderJwks: await holderKeys(1),
    blinded: blinding.b,
  })
  const [copy = ''] = credentials
  const network = (await claimsOf(copy)).get('network_number')
  return { network, platform: await blinding.open(copy) }
}

function person(at: number): Stated & { readonly phone: string } {
  if (at >= PEOPLE) throw new Error('more people are needed')
  return {
    document: { type: 'passport', number: `EX8${String(at).padStart(6, '0')}` },
    family_name: '赵',
    given_name: `${GIVEN[at % 10] ?? ''}${GIVEN[Math.floor(at / 10)] ?? ''}`,
    birthdate: '1985-06-15',
    phone: `1000${String(at).padStart(7, '0')}`,
  }
}

function people(): readonly string[] {
  const rows = Array.from({ length: PEOPLE }, (_, at) => {
    const { document, family_name, given_name, birthdate, phone } = person(at)
    const { type, number } = document
    return `${type},${number},${family_name},${given_name},male,${birthdate},CHN,GD,${phone},,`
  })
  const { document, family_name, given_name, birthdate } = TEEN
  const guardian = person(0).document.number
  const teen = `${document.type},${document.number},${family_name},${given_name},female,${birthdate},CHN,BJ,10009999999,,${guardian}`
  return [CITIZEN_COLUMNS.join(','), ...rows, teen]
}
