import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Query } from '@netcert/protocol'
import { createVerifierServer, type RequestLine } from './http.js'
import { verifier } from './platform.js'
import { openTrustSource } from './trust-source.js'
import { verifierFolder } from './verifier-folder.js'
import { openPlatform, type OpenPlatform } from './vp-open.js'
import type { VpRequest, VpRequestOptions } from './vp-verifier.js'
import type { PresentationResult } from './vp-outcome.js'

export type { InitVerifierOptions, InitVerifierReport } from './initialisation.js'
export { initVerifier } from './initialisation.js'

/** How long requests under way may take to end when the server is closed. */
const CLOSE_MILLISECONDS = 5_000

/** Options of {@link openVerifierServer}. */
export type OpenVerifierServerOptions = {
  /** A data folder that `initVerifier` made. */
  readonly dir: string
  /** Default: the port in the base URL. */
  readonly port?: number
  /** Default `127.0.0.1`; a proxy in front has the certificate of the host. */
  readonly host?: string
  readonly allowHttpLoopback: boolean
  readonly clock: () => Date
  /** What pages may ask for by name; none by default. */
  readonly queries?: Readonly<Record<string, Query>>
  /** Proxies in front that name the caller. */
  readonly proxies?: number
  /** Told of each request and each failed refresh, as one line of JSON without personal data. */
  readonly log?: (line: string) => void
}

/** A verifier that takes requests. */
export type VerifierServer = {
  readonly url: string
  readonly port: number
  /** Looks for newer published lists now. */
  readonly refresh: () => Promise<void>
  /** Answers what is under way, then stops. */
  readonly close: () => Promise<void>
}

/**
 * Serves wallets and pages.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `base_url`, `lists_unreadable`;
 *   CredentialError for lists that do not hold; AgentError of keys and database
 */
export async function openVerifierServer(
  options: OpenVerifierServerOptions,
): Promise<VerifierServer> {
  const { dir, allowHttpLoopback, clock, queries = {}, log } = options
  const source: { trust?: Awaited<ReturnType<typeof openTrustSource>> } = {}
  const opened = await openPlatform({ dir, clock, allowHttpLoopback, trust: () => trustOf(source) })
  try {
    source.trust = await openTrustSource({
      ...{ folder: verifierFolder(dir), settings: opened.settings, clock, allowHttpLoopback },
      onError: (error) => log?.(JSON.stringify({ refresh: codeOf(error) })),
    })
    const server = await listen(options, opened, {
      platform: verifier({ ...opened, queries }),
      health: () => ({ trust_list: trustOf(source).trustList.sequence }),
      ...(options.proxies === undefined ? {} : { proxies: options.proxies }),
      ...(log === undefined ? {} : { log: (line) => log(JSON.stringify(line)) }),
    })
    const { port } = server.address() as AddressInfo
    return {
      url: opened.baseUrl,
      port,
      refresh: () => source.trust?.refresh() ?? Promise.resolve(),
      close: async () => {
        source.trust?.close()
        await closeServer(server)
        await opened.close()
      },
    }
  } catch (error) {
    source.trust?.close()
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

function trustOf({ trust }: { trust?: { trust: () => ReturnType<TrustOf> } }) {
  if (trust === undefined) throw new TypeError('asked for trust before the lists were read')
  return trust.trust()
}
type TrustOf = Awaited<ReturnType<typeof openTrustSource>>['trust']

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'fault'
}

/** Asks wallets from another process on the same folder; the server takes their answers. */
export type VerifierDesk = {
  /** @throws As `VpVerifier.createRequest` */
  createRequest(options: VpRequestOptions): Promise<VpRequest>
  /** @throws As `VpVerifier.result` */
  result(session: string, responseCode: string | null): Promise<PresentationResult>
  close(): Promise<void>
}

/** @throws VerifierError `verifier_missing`, `config_invalid`, `base_url`; AgentError */
export async function openVerifierDesk(options: {
  readonly dir: string
  readonly allowHttpLoopback: boolean
  readonly clock: () => Date
}): Promise<VerifierDesk> {
  const { engine, close } = await openPlatform(options)
  return { createRequest: engine.createRequest, result: engine.result, close }
}

export type { RequestLine }
