import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type LoginCodeSender } from './as-login-code.js'
import type { CertificateSigner } from './certificate-signer.js'
import { IssuerError } from './issuer-error.js'
import { type ServerLimits } from './issuer-server-http.js'
import { startServerPublication } from './lists/server-publication.js'
import { type OpenedIssuerGround, openIssuerGround } from './open.js'
import type { PresenceProvider } from './presence-provider.js'
import { assembleIssuerServer } from './issuer-server-assembly.js'
import { watchSignatures } from './signature-reconciliation.js'

export type { PresenceCheck, PresenceRecorder } from './presence.js'
export { counterPresence, type PresenceProvider } from './presence-provider.js'

export type OpenIssuerServerOptions = {
  /** The data folder, as `initIssuer` made it. */
  readonly dir: string
  /** Where `publish` writes; `published` in the data folder when nothing else is said. */
  readonly publishedDir?: string
  /** The one of the base URL when nothing else is said. */
  readonly port?: number
  /** Address to listen on; this machine only when nothing else is said. */
  readonly host?: string
  /** Whether a base URL with plain http on this machine is served. */
  readonly allowHttpLoopback: boolean
  readonly clock: () => Date
  /** Brings one-time codes to people; the operator's log when nothing else is said. */
  readonly codeSender?: LoginCodeSender
  /** Lines for the operator: codes of the default sender, failures without what was sent. */
  readonly log: (line: string) => void
  readonly limits?: Partial<ServerLimits>
  /**
   * Where presence checks take place: the operator's counter when nothing else is said; `demo` is a
   * page that believes everybody, on this machine only.
   */
  readonly presence?: PresenceProvider | 'demo'
  /**
   * A header that the operator's own proxy sets, and overwrites, with the address it speaks for:
   * limits count by it. Without it every request behind a proxy counts as the proxy's.
   */
  readonly addressHeader?: string
  /** The signer that is asked for certificates; this process signs when nothing else is said. */
  readonly certificates?: CertificateSigner
  /** Publishes when it starts and at every tick; what is published is nobody's work otherwise. */
  readonly publishes?: true
  /** Where a monitor reads the metrics, with `publishes`; nowhere when nothing is said. */
  readonly metrics?: { readonly port: number; readonly host: string }
}

export type IssuerServer = {
  /** The issuer identifier: the base URL of the data folder. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

const SWEEP_MILLISECONDS = 60_000

/**
 * Serves an issuer: published files, credential issuer, authorization server.
 *
 * @throws IssuerError `base_url` for plain http that was not allowed, `address_in_use`,
 *   `presence_demo_refused`,
 *   `wallet_providers_malformed`, and as `openIssuer`.
 */
export async function openIssuerServer(options: OpenIssuerServerOptions): Promise<IssuerServer> {
  const opened = await openPublishing(options)
  try {
    const baseUrl = opened.ground.config.base_url
    assertServable(baseUrl, options.allowHttpLoopback)
    const { app, sweep } = await assembleIssuerServer(opened, options)
    const server = createServer(SERVER_OPTIONS, app)
    server.maxConnections = 1_000
    const port = await listen(server, options.port ?? portOf(baseUrl), options.host ?? '127.0.0.1')
    const timer = setInterval(sweep, SWEEP_MILLISECONDS).unref()
    const watch = watchSignatures({ store: opened.ground.signatures, ...options })
    return {
      url: baseUrl,
      port,
      async close() {
        clearInterval(timer)
        await shut(server)
        await watch.close()
        await opened.close()
      },
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** The issuer, and what it publishes by itself until it is closed. */
async function openPublishing(options: OpenIssuerServerOptions): Promise<OpenedIssuerGround> {
  const opened = await openIssuerGround({ ...options, actor: { kind: 'server' } })
  if (options.publishes !== true) return opened
  try {
    const publication = await startServerPublication(opened, options)
    const close = async (): Promise<void> => {
      await publication.close()
      await opened.close()
    }
    return { ...opened, close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Nobody slow is waited for: headers 5 s, a whole request 10 s, looked at every second. */
const SERVER_OPTIONS = {
  // The address, names and values of headers together; Node refuses from this number on.
  maxHeaderSize: 16 * 1024 + 1,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
}

function assertServable(baseUrl: string, allowHttpLoopback: boolean): void {
  if (baseUrl.startsWith('https:') || allowHttpLoopback) return
  throw new IssuerError(
    'base_url',
    'The base URL is plain http; serve it with --allow-http-loopback for a trial on this machine.',
  )
}

function portOf(baseUrl: string): number {
  const { port, protocol } = new URL(baseUrl)
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const message = `Nothing can listen on port ${port} of ${host}; name another one.`
    throw new IssuerError('address_in_use', message, { cause })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** What is under way is answered; connections that wait for nothing are ended. */
async function shut(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), 5_000).unref()
  await closed
  clearTimeout(late)
}
