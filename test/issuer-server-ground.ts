import { join } from 'node:path'
import { Readable } from 'node:stream'
import { initIssuer, openIssuer, sampleCitizens } from '@netcert/issuer'
import {
  type IssuerServer,
  type OpenIssuerServerOptions,
  openIssuerServer,
} from '@netcert/issuer/server'
import type { CertificateSigner } from '@netcert/issuer/signer'
import { PRE_AUTHORIZED_GRANT, parseOfferLink } from '@netcert/protocol'
import type { LoginCodeMessage } from '../packages/issuer/src/as-login-code.js'
import { openIssuerGround } from '../packages/issuer/src/open.js'
import { openedOffers } from '../packages/issuer/src/opened-offers.js'
import type { CreatedOffer, CreateOfferOptions } from '../packages/issuer/src/vci-offers.js'
import { freePort } from './free-port.js'
import { temporaryFolder, TODAY } from './issuer-ground.js'

/** Somebody on record who can log in. */
export type Citizen = {
  readonly reference: string
  readonly documentNumber: string
  readonly name: string
}

export type ServedIssuer = {
  readonly dir: string
  readonly url: string
  readonly server: IssuerServer
  readonly people: readonly Citizen[]
  /** Somebody else each time, as long as there are some: codes to one person are bounded. */
  nextPerson(): Citizen
  /** Codes that were sent, newest last. */
  readonly codes: LoginCodeMessage[]
  /** Makes an offer beside the running server, as the command does; `null` is for whoever logs in. */
  offer(options: Partial<CreateOfferOptions>): Promise<TestOffer>
  /** What the operator would see. */
  readonly log: string[]
  close(): Promise<void>
}

/** An offer as its wallet reads it. */
export type TestOffer = CreatedOffer & {
  /** The pre-authorized code or the issuer state. */
  readonly secret: string
}

/** A whole issuer on loopback with sample citizens, as `netcert serve issuer` runs it. */
export async function serveTestIssuer(
  options: {
    readonly citizens?: number
    readonly path?: string
    readonly databaseUrlFile?: string
    readonly sourceDatabaseUrlFile?: string
    readonly prepare?: (dir: string) => Promise<void>
    readonly limits?: OpenIssuerServerOptions['limits']
    readonly addressHeader?: string
    readonly keyMode?: 'did:key' | 'x5c'
    readonly presence?: 'demo'
    /** The port it listens on where something stands before its base URL. */
    readonly behind?: number
    readonly keyModes?: Readonly<Record<string, 'did:key' | 'x5c'>>
    /** Opens a signer of its own; the server signs itself without. */
    readonly signer?: (dir: string) => Promise<CertificateSigner>
  } = {},
): Promise<ServedIssuer> {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  const port = await freePort()
  const baseUrl = `http://127.0.0.1:${port}${options.path ?? ''}`
  const { databaseUrlFile, sourceDatabaseUrlFile, keyMode = 'did:key', keyModes = {} } = options
  const files = {
    ...(databaseUrlFile === undefined ? {} : { databaseUrlFile }),
    ...(sourceDatabaseUrlFile === undefined ? {} : { sourceDatabaseUrlFile }),
  }
  const clock = () => new Date()
  const names = { algorithm: 'ES256', keyMode, keyModes } as const
  await initIssuer({ dir, baseUrl, now: clock(), ...names, ...files })
  const people = await importPeople(dir, options.citizens ?? 3)
  await options.prepare?.(dir)
  const certificates = await options.signer?.(dir)
  const codes: LoginCodeMessage[] = []
  const log: string[] = []
  const server = await openIssuerServer({
    dir,
    allowHttpLoopback: true,
    clock,
    codeSender: { send: (message) => Promise.resolve(void codes.push(message)) },
    log: (line) => void log.push(line),
    ...(certificates === undefined ? {} : { certificates }),
    ...(options.addressHeader === undefined ? {} : { addressHeader: options.addressHeader }),
    ...(options.presence === undefined ? {} : { presence: options.presence }),
    ...(options.behind === undefined ? {} : { port: options.behind }),
    limits: { loginForms: 10_000, perMinute: 10_000, ...options.limits },
  })
  const close = async () => {
    await server.close()
    await folder.remove()
  }
  let next = 0
  const nextPerson = (): Citizen => {
    const person = people[next++ % people.length]
    if (person === undefined) throw new TypeError('nobody is on record')
    return person
  }
  const offer = (wanted: Partial<CreateOfferOptions>) =>
    makeOffer(dir, { citizen: nextPerson().reference, ...wanted })
  return { dir, url: baseUrl, server, people, nextPerson, codes, offer, log, close }
}

async function importPeople(dir: string, count: number): Promise<Citizen[]> {
  const lines = [...sampleCitizens({ count, today: TODAY })]
  const { issuer, close } = await openIssuer({ dir, clock: () => new Date() })
  const people: Citizen[] = []
  const known = new Set<string>()
  const [header = '', ...rows] = lines
  // One at a time, so that each reference is known to belong to its row.
  for (const row of rows) {
    await issuer.importCitizens({ input: Readable.from([Buffer.from(header + row)]) })
    const { citizens } = await issuer.listCitizens({ limit: 1000 })
    const added = citizens.find(({ reference }) => !known.has(reference))
    if (added === undefined) continue
    known.add(added.reference)
    const [, documentNumber = '', familyName = '', givenName = ''] = row.split(',')
    people.push({ reference: added.reference, documentNumber, name: familyName + givenName })
  }
  await close()
  return people
}

async function makeOffer(dir: string, wanted: Partial<CreateOfferOptions>): Promise<TestOffer> {
  const opened = await openIssuerGround({ dir, clock: () => new Date() })
  try {
    const options = { citizen: null, types: ['network-certificate'], ...wanted }
    const created = await openedOffers(opened).createOffer({ grant: 'pre-authorized', ...options })
    const link = parseOfferLink(created.offerUri)
    const grants = link.kind === 'value' ? link.offer.grants : undefined
    const secret =
      grants?.[PRE_AUTHORIZED_GRANT]?.['pre-authorized_code'] ??
      grants?.authorization_code?.issuer_state ??
      ''
    return { ...created, secret }
  } finally {
    await opened.close()
  }
}
