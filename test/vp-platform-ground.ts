import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  dereferenceDidKey,
  freshnessPolicies,
  generateSigner,
  type PublicJwk,
  type Trust,
} from '@netcert/credential'
import { parseQuery, type Query } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import {
  type AccreditedPlatform,
  memoryMinorActs,
  memoryReplays,
  type MinorActStore,
  memoryVpSessions,
  type Platform,
  type PlatformOptions,
  type RequestIdentity,
  type TransactionTypes,
  verifier,
  type VpSessionStore,
  type VpVerifier,
} from '@netcert/verifier'
import { asExpress, type ExpressPlatform } from '@netcert/verifier/express'
import { createDeletionDesk, createVpVerifier } from '@netcert/verifier/vp'
import { createHolder, createTrustDomain, testNow, type TrustDomain } from './trust-domain.js'
import type { Held } from './vp-wallet-ground.js'

export const over18 = parseQuery(queries['age-over-18'])
export const realPerson = parseQuery(queries['real-person'])

/** A platform on this machine with real HTTP, somebody with a certificate, and the engine behind. */
export type VpGround = {
  readonly domain: TrustDomain
  readonly trust: Trust
  readonly held: Held
  readonly engine: VpVerifier
  readonly platform: Platform
  /** Acts of minors; the engine's own. */
  readonly acts: MinorActStore
  /** The key that signs the engine's requests: what an accreditation has to be for. */
  readonly requestJwk: PublicJwk
  readonly origin: string
  readonly baseUrl: string
  /** Moves the clock of the verifier. */
  setNow(now: Date): void
  newHeld(): Promise<Held>
  close(): void
}

type WithActs = { readonly acts: MinorActStore; readonly clock: () => Date }

/** Who is accredited to ask, given the domain and the key that signs requests. */
export type Accrediting = (given: {
  readonly domain: TrustDomain
  readonly requestJwk: PublicJwk
  readonly baseUrl: string
}) => Promise<AccreditedPlatform>

/** `page` answers what is not the verifier's own, as a platform's code would. */
export async function createVpGround(
  options: {
    readonly identity?: RequestIdentity
    /** Another trust than in the ground's own domain. */
    readonly trust?: Trust
    readonly sessions?: (clock: () => Date) => VpSessionStore
    readonly queries?: Readonly<Record<string, Query>>
    /** Without it nobody is accredited. */
    readonly accredit?: Accrediting
    readonly parts?: Partial<PlatformOptions>
    /** What is made of the engine; a plain verifier by default. */
    readonly platform?: (parts: PlatformOptions & WithActs) => Platform
    readonly acts?: (clock: () => Date) => MinorActStore
    readonly transactionTypes?: TransactionTypes
    readonly page?: (
      express: ExpressPlatform,
      request: IncomingMessage,
      response: ServerResponse,
    ) => void
  } = {},
): Promise<VpGround> {
  const domain = await createTrustDomain()
  const trust = options.trust ?? (await domain.trust())
  let now = testNow
  const clock = () => now
  const ready: ExpressPlatform[] = []
  const server = createServer((request, response) => {
    const [routing] = ready
    if (routing === undefined) return void response.destroy()
    void routing.routes(request, response, () => {
      if (options.page === undefined) response.writeHead(404).end()
      else options.page(routing, request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const baseUrl = `${origin}/netcert`
  const { signer } = await generateSigner('ES256')
  const identity = options.identity ?? { signer, certificate: null }
  const requestJwk = dereferenceDidKey(identity.signer.keyId)
  const accredited = (await options.accredit?.({ domain, requestJwk, baseUrl })) ?? null
  const judging = {
    ...{ identity, baseUrl, clock, trust: () => trust, platform: () => accredited },
    freshness: freshnessPolicies['grace-24h'],
  }
  const acts = options.acts?.(clock) ?? memoryMinorActs({ clock })
  const engine = createVpVerifier({
    ...{ ...judging, acts },
    sessions: options.sessions?.(clock) ?? memoryVpSessions({ clock }),
    transactionTypes: options.transactionTypes ?? {},
  })
  const platform = (options.platform ?? verifier)({
    ...{ engine, baseUrl, acts, clock, ...options.parts },
    deletions: createDeletionDesk({ ...judging, replays: memoryReplays({ clock }) }),
    queries: options.queries ?? { 'age-over-18': over18, 'real-person': realPerson },
    drawQr: (text) => [String(text.length)],
    script: 'export const nothing = 0',
  })
  ready.push(asExpress(platform))
  const newHeld = async (): Promise<Held> => {
    const holder = await createHolder()
    return { holder, credential: await domain.mint({ jwk: holder.jwk }) }
  }
  return {
    ...{ domain, trust, engine, platform, acts, requestJwk, origin, baseUrl },
    ...{ newHeld, held: await newHeld() },
    setNow: (instant) => {
      now = instant
    },
    close: () => server.close(),
  }
}
