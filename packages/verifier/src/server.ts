import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FreshnessPolicy, Trust } from '@netcert/credential'
import { gatePageOf } from './gate-page-pack.js'
import { guardianConsent } from './guardian-consent.js'
import { createVerifierServer, type RequestLine } from './http.js'
import { createMinorActs, type MinorActs } from './minor-acts.js'
import { verifier } from './platform.js'
import type { PackAge } from './offline-pack/pack-holding.js'
import { healthOfPacks, packAgeOf, tellOnce, warnDaily } from './operator-warnings.js'
import { openTrustSource } from './trust-source.js'
import { openPlatform, type OpenPlatform } from './vp-open.js'
import type { TransactionTypes } from './vp-transaction.js'
import type { VpRequest, VpRequestOptions } from './vp-verifier.js'
import type { PresentationResult } from './vp-outcome.js'

export type { InitVerifierOptions, InitVerifierReport } from './initialisation.js'
export { initVerifier } from './initialisation.js'
export type { RequestKey } from './accreditation-install.js'
export { installAccreditation, readRequestKey } from './accreditation-install.js'
export type { RetainedClaims, RetainedLine } from './retained-store.js'
export { readVerifierStanding, type VerifierStanding } from './verifier-standing.js'
export { readTrustStanding, type TrustStanding } from './trust-standing.js'
export type { RenewCertificateOptions, RenewCertificateReport } from './certificate-renewal.js'
export { renewCertificate } from './certificate-renewal.js'
export { type AccountDesk, openAccountDesk } from './account-desk.js'
export { openStaffRoute, type StaffRoute, type StaffRouteOptions } from './staff-route.js'

/** How long requests under way may take to end when the server is closed. */
const CLOSE_MILLISECONDS = 5_000

/** Options of {@link openPlatformVerifier}. */
export type OpenPlatformVerifierOptions = {
  /** A data folder that `initVerifier` made. */
  readonly dir: string
  /** Plain http on this machine: for development, never on by itself. */
  readonly allowHttpLoopback: boolean
  /** Default: the clock of the system. */
  readonly clock?: () => Date
  /** What presenting may authorise, by type; nothing unless stated. */
  readonly transactionTypes?: TransactionTypes
  /** How old evidence may be, for this door. Default: as the folder is set up. */
  readonly freshness?: FreshnessPolicy
  /** The same for single queries; those of the folder stay where none is given. */
  readonly queryFreshness?: Readonly<Record<string, FreshnessPolicy>>
  /** Told of each request and each failed refresh, as one line of JSON without personal data. */
  readonly log?: (line: string) => void
}

/** What `verifier()` needs beside the queries, open in the platform's own process. */
export type PlatformVerifier = OpenPlatform & {
  readonly trust: () => Trust
  /** How old the offline packs are, and what they cover; null where there are none. */
  readonly packs: () => PackAge | null
  /** Looks for newer published lists and packs now; otherwise it happens by itself. */
  readonly refresh: () => Promise<void>
}

/**
 * Opens a verifier inside a platform's own server: `verifier({ ...opened, queries })`.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `base_url`, `lists_unreadable`;
 *   CredentialError for lists that do not hold; AgentError of keys and database
 */
export async function openPlatformVerifier(
  options: OpenPlatformVerifierOptions,
): Promise<PlatformVerifier> {
  const { dir, allowHttpLoopback, clock = () => new Date(), log } = options
  const held: { opened?: OpenPlatform } = {}
  const source = await openTrustSource({
    ...{ dir, clock, allowHttpLoopback },
    onError: tellOnce(log),
    afterRefresh: async (trust) => {
      await held.opened?.accreditations.refresh(trust, source.packs()?.accreditationStatus)
      await held.opened?.retained.sweep()
    },
  })
  const { trust, refresh } = source
  try {
    const accreditationStatus = () => source.packs()?.accreditationStatus ?? new Map()
    const opened = await openPlatform({ ...options, clock, trust, accreditationStatus })
    held.opened = opened
    // Whatever ended while nothing ran goes before anything is answered.
    await opened.retained.sweep()
    const packs = () => packAgeOf(source.packs(), clock())
    const warnings = warnDaily({ accreditations: opened.accreditations, packs, clock, log })
    const close = async () => {
      source.close()
      clearInterval(warnings)
      await opened.close()
    }
    return { ...opened, trust, packs, refresh, close }
  } catch (error) {
    source.close()
    throw error
  }
}

/** Options of {@link openVerifierServer}. */
export type OpenVerifierServerOptions = OpenPlatformVerifierOptions & {
  /** Default: the port in the base URL. */
  readonly port?: number
  /** Default `127.0.0.1`; a proxy in front has the certificate of the host. */
  readonly host?: string
  /** What pages may ask for by name; nothing by default. */
  readonly queries?: Readonly<Record<string, object>>
  /** Proxies in front that name the caller. */
  readonly proxies?: number
  /** A header that the operator's own proxy overwrites with the caller's address; limits count by it. */
  readonly addressHeader?: string
}

/** A verifier that takes requests. */
export type VerifierServer = {
  readonly url: string
  readonly port: number
  /** How old the offline packs are, and what they cover; null where there are none. */
  readonly packs: () => PackAge | null
  /** Looks for newer published lists and packs now. */
  readonly refresh: () => Promise<void>
  /** Answers what is under way, then stops. */
  readonly close: () => Promise<void>
}

/** Serves wallets and pages. @throws As {@link openPlatformVerifier} */
export async function openVerifierServer(
  options: OpenVerifierServerOptions,
): Promise<VerifierServer> {
  const { queries = {}, log } = options
  const opened = await openPlatformVerifier(options)
  try {
    // No code of a platform stands behind this server: what it keeps is all there is to delete.
    const platform = verifier({
      ...{ ...opened, queries },
      forget: async (account) => {
        await opened.retained.forget(account)
        return { state: 'deleted' }
      },
    })
    const gatePage = await gatePageOf(options.dir)
    const server = await listen(options, opened, {
      ...(gatePage === null ? {} : { gatePage }),
      // Acts are begun by a desk on the same folder; here guardians open their links.
      platform: guardianConsent(platform, { ...opened, minorActs: {} }),
      health: () => ({
        trust_list: opened.trust().trustList.sequence,
        ...healthOfPacks(opened.packs()),
        accreditations: opened.accreditations.platform()?.accreditations.length ?? 0,
      }),
      ...(options.proxies === undefined ? {} : { proxies: options.proxies }),
      ...(options.addressHeader === undefined ? {} : { addressHeader: options.addressHeader }),
      ...(log === undefined ? {} : { log: (line) => log(JSON.stringify(line)) }),
    })
    const { port } = server.address() as AddressInfo
    const close = async () => {
      await closeServer(server)
      await opened.close()
    }
    const { baseUrl: url, refresh, packs } = opened
    return { url, port, refresh, packs, close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function listen(
  { port, host = '127.0.0.1' }: OpenVerifierServerOptions,
  { baseUrl }: OpenPlatform,
  app: Parameters<typeof createVerifierServer>[0],
): Promise<Server> {
  const { port: named, protocol } = new URL(baseUrl)
  const server = createVerifierServer(app)
  server.listen(port ?? Number(named === '' ? (protocol === 'https:' ? 443 : 80) : named), host)
  await once(server, 'listening')
  return server
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS)
  await closed
  clearTimeout(timer)
}

/** Asks wallets from another process on the same folder; the server takes their answers. */
export type VerifierDesk = {
  /** @throws As `VpVerifier.createRequest` */
  createRequest(options: VpRequestOptions): Promise<VpRequest>
  /** @throws As `VpVerifier.result` */
  result(session: string, responseCode: string | null): Promise<PresentationResult>
  /** Acts of minors; guardians open `<baseUrl>/consent/<handover>` at the server. */
  readonly minorActs: MinorActs
  readonly baseUrl: string
  close(): Promise<void>
}

/** @throws VerifierError `verifier_missing`, `config_invalid`, `base_url`; AgentError */
export async function openVerifierDesk(options: {
  readonly dir: string
  readonly allowHttpLoopback: boolean
  readonly clock: () => Date
  readonly transactionTypes?: TransactionTypes
}): Promise<VerifierDesk> {
  const opened = await openPlatform(options)
  const { engine, baseUrl, close } = opened
  const minorActs = createMinorActs(opened)
  const { freshness = {} } = opened
  const createRequest = (asked: VpRequestOptions): Promise<VpRequest> => {
    const policy = Object.hasOwn(freshness, asked.purpose ?? '')
      ? freshness[asked.purpose ?? '']
      : undefined
    return engine.createRequest({
      ...(policy === undefined ? {} : { freshness: policy }),
      ...asked,
    })
  }
  return { createRequest, result: engine.result, minorActs, baseUrl, close }
}

export type { RequestLine }
