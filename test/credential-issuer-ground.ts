import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { generateSigner, type PublicJwk, type Signer } from '@netcert/credential'
import { initIssuer, type Issuer } from '@netcert/issuer'
import { createKeyProof, type KeyOf } from '@netcert/protocol'
import express from 'express'
import {
  type AccessTokenVerifier,
  tokenChallenge,
  type VerifiedAccessToken,
} from '../packages/issuer/src/as-access-token.js'
import { subjectTagOf } from '../packages/issuer/src/as-record-content.js'
import { CITIZEN_COLUMNS } from '../packages/issuer/src/citizen-row.js'
import type { IssuerGround } from '../packages/issuer/src/issuer-assembly.js'
import { IssuerError } from '../packages/issuer/src/issuer-error.js'
import { openIssuerGround } from '../packages/issuer/src/open.js'
import { createCredentialIssuerRouter } from '../packages/issuer/src/vci-http.js'
import { createOfferStore } from '../packages/issuer/src/vci-offer-store.js'
import { type CredentialOffers, createCredentialOffers } from '../packages/issuer/src/vci-offers.js'
import type { TestDatabases } from './database-engines.js'
import { temporaryFolder, urlFile } from './issuer-ground.js'

/** An adult, and a child who gets no certificate of their own. */
const ADULT = 'resident_id,990217198905047852,于,敏静,female,1989-05-04,CHN,GD,10009155296,,'
const CHILD =
  'resident_id,99066420140303098X,王,小明,male,2014-03-03,CHN,BJ,10000864420,,990217198905047852'

export const ISSUER = 'https://issuer.example/tenant'

export type CredentialIssuerGround = {
  /** Address the server really has; `ISSUER` is what it says of itself. */
  readonly origin: string
  readonly dir: string
  readonly ground: IssuerGround
  readonly issuer: Issuer
  readonly offers: CredentialOffers
  readonly adult: string
  readonly child: string
  /** The clock of the issuer. */
  now: Date
  /** Makes a bearer token that stands for what is given; it is not checked again whether it does. */
  grant(token: Partial<VerifiedAccessToken>): string
  post(path: string, options: PostOptions): Promise<Response>
  nonce(): Promise<string>
  close(): Promise<void>
}

export type PostOptions = {
  readonly token?: string
  readonly body?: object | string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

/** A whole credential issuer behind real HTTP; tokens are handed out by the test. */
export async function startCredentialIssuer(options: {
  readonly databases: TestDatabases
  readonly keyAttesters?: KeyOf
  readonly keyMode?: 'did:key' | 'x5c'
}): Promise<CredentialIssuerGround> {
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'issuer')
  const state = { now: new Date('2026-11-21T04:00:00Z') }
  const clock = (): Date => state.now
  const urls = {
    ...(await urlFile(options.databases, `${dir}.issuer-url`, 'databaseUrlFile')),
    ...(await urlFile(options.databases, `${dir}.source-url`, 'sourceDatabaseUrlFile')),
  }
  await initIssuer({
    dir,
    baseUrl: ISSUER,
    now: clock(),
    keyMode: options.keyMode ?? 'did:key',
    ...urls,
  })
  const { ground, issuer, close } = await openIssuerGround({ dir, clock })
  const [adult, child] = [await importOne(issuer, ADULT), await importOne(issuer, CHILD)]
  const offers = createCredentialOffers({
    store: createOfferStore(ground.database),
    vault: ground.vault,
    baseUrl: ISSUER,
    clock,
    assertCitizen: (citizen) => issuer.assertCitizen(citizen),
    assertWard: (wish) => issuer.minors.assertWard(wish),
  })
  const tokens = new Map<string, Promise<VerifiedAccessToken>>()
  const app = express()
  app.use(
    createCredentialIssuerRouter({
      ground,
      issuer,
      offers,
      verifyAccessToken: verifierOf(tokens),
      tokenChallenge: (error) => tokenChallenge(error, () => ''),
      keyAttesters: options.keyAttesters ?? null,
      presenceUri: null,
    }),
  )
  const server = createServer(app)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = (path: string, sending: PostOptions): Promise<Response> => {
    const { token, body = '', headers = {} } = sending
    const plain = typeof body === 'string' || body instanceof Uint8Array
    return fetch(`${origin}/tenant${path}`, {
      method: 'POST',
      body: plain ? (body as BodyInit) : JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    })
  }
  return {
    get now() {
      return state.now
    },
    set now(instant) {
      state.now = instant
    },
    origin,
    dir,
    ground,
    issuer,
    offers,
    adult,
    child,
    grant(token) {
      const name = `token-${tokens.size}`
      tokens.set(name, granted(ground, { ...defaults(name, adult), ...token }))
      return name
    },
    post,
    async nonce() {
      // A grant is there before what is asked under it, also where the machine is busy.
      await Promise.all(tokens.values())
      const response = await post('/nonce', {})
      const { c_nonce } = (await response.json()) as { c_nonce: string }
      return c_nonce
    },
    async close() {
      await new Promise((closed) => {
        server.close(closed)
        server.closeAllConnections()
      })
      await close()
      await folder.remove()
    },
  }
}

function defaults(name: string, citizen: string): VerifiedAccessToken {
  return {
    citizen,
    clientId: null,
    configurationIds: ['network-certificate', 'network-certificate-platform', 'gate-pass'],
    credentialIdentifiers: [],
    offer: null,
    attested: false,
    tokenId: name,
    grantId: `grant-of-${name}`,
    expiresAt: new Date('2027-01-01T00:00:00Z'),
    dpopJkt: null,
  }
}

/** A token, once the grant it hangs on is on record, as consent puts it there. */
async function granted(
  { database, vault }: IssuerGround,
  token: VerifiedAccessToken,
): Promise<VerifiedAccessToken> {
  const row = { grant_id: null, uid: null, sealed: '', consumed_at: null }
  await database.kysely
    .insertInto('as_records')
    .values({
      ...row,
      model: 'Grant',
      id: token.grantId,
      subject_tag: subjectTagOf(vault, token.citizen),
      expires_at: token.expiresAt.getTime() / 1000,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return token
}

function verifierOf(
  tokens: ReadonlyMap<string, Promise<VerifiedAccessToken>>,
): AccessTokenVerifier {
  return async ({ authorization }) => {
    if (authorization === undefined) throw new IssuerError('access_token_missing', 'No token.')
    const token = await tokens.get(authorization.replace(/^Bearer /, ''))
    if (token === undefined) throw new IssuerError('access_token_invalid', 'Unknown token.')
    return token
  }
}

async function importOne(issuer: Issuer, row: string): Promise<string> {
  const before = await issuer.listCitizens({ limit: 10 })
  const input = Readable.from([Buffer.from(`${CITIZEN_COLUMNS.join(',')}\n${row}\n`)])
  await issuer.importCitizens({ input })
  const known = new Set(before.citizens.map(({ reference }) => reference))
  const { citizens } = await issuer.listCitizens({ limit: 10 })
  const added = citizens.find(({ reference }) => !known.has(reference))
  if (added === undefined) throw new Error('the row was not imported')
  return added.reference
}

export type HolderKey = { readonly signer: Signer; readonly jwk: PublicJwk }

export async function newHolderKeys(count: number): Promise<HolderKey[]> {
  return Promise.all(Array.from({ length: count }, () => generateSigner('ES256')))
}

/** One proof for each key. */
export function proofsOf(
  keys: readonly HolderKey[],
  options: { readonly nonce: string | null; readonly now: Date; readonly audience?: string },
): Promise<string[]> {
  const { nonce, now, audience = ISSUER } = options
  return Promise.all(
    keys.map((key) =>
      createKeyProof({ ...key, keyBy: 'jwk', audience, issuedAt: now, nonce, clientId: null }),
    ),
  )
}
