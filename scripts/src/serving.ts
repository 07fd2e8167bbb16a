import type { FreshnessPolicy } from '@netcert/credential'
import { readyQueries } from './read-query.js'
import { signerProcess } from './signer-process.js'
import { exists, setUpVerifier, verifierFolder } from './verifier-folder.js'

/** A server that takes requests. */
export type Serving = { readonly url: string; close(): Promise<void> }

/** How a server is run. */
export type ServingOptions = {
  /** The data folder. */
  readonly dir: string
  readonly clock: () => Date
  readonly port?: number
  readonly host: string
  readonly allowHttpLoopback: boolean
  /** Header in which a proxy in front names the address it speaks for. */
  readonly addressHeader?: string
  /** The demo of presence checks, where the issuer is served on this machine only. */
  readonly presence?: 'demo'
  readonly log: (line: string) => void
  /** Whether the log is JSON. */
  readonly json: boolean
}

/** How an issuer is run. */
export type IssuerServingOptions = ServingOptions & {
  /** Socket of a signer that runs already; one is started when nothing is said. */
  readonly signer?: string
  /** Where a monitor reads metrics; nowhere when nothing is said. */
  readonly metrics?: { readonly port: number; readonly host: string }
}

/** Serves an issuer; it renews accreditations and publishes by itself, at each tick. @throws IssuerError */
export async function serveIssuer(options: IssuerServingOptions): Promise<Serving> {
  const { openIssuerServer } = await import('@netcert/issuer/server')
  const signing = await openSigning(options)
  const { certificates } = signing
  const server = await openIssuerServer({ ...options, certificates, publishes: true }).catch(
    async (error: unknown) => {
      await signing.close()
      throw error
    },
  )
  return {
    url: server.url,
    close: async () => {
      await server.close()
      await signing.close()
    },
  }
}

/** The signing key is never in the process that speaks to the network. */
async function openSigning({ dir, json, log, signer }: IssuerServingOptions) {
  const { connectSigner, signerAt } = await import('@netcert/issuer/signer')
  const child = signer === undefined ? signerProcess({ dir, json, log }) : undefined
  const certificates = connectSigner({ connect: child?.connect ?? signerAt(signer ?? '') })
  return {
    certificates,
    close: async () => {
      certificates.close()
      await child?.ended()
    },
  }
}

/**
 * Serves a verifier: the one in the folder, or the one beside an issuer.
 *
 * @throws VerifierError `verifier_missing` where there is none and none is to be set up.
 */
export async function serveVerifier(
  options: ServingOptions & {
    readonly setUp: boolean
    readonly freshness?: FreshnessPolicy
    readonly queryFreshness?: Readonly<Record<string, FreshnessPolicy>>
  },
): Promise<Serving> {
  const { openVerifierServer } = await import('@netcert/verifier/server')
  const dir = await verifierFolder(options.dir)
  if (options.setUp && !(await exists(dir))) {
    await setUpVerifier({ ...options, dir, issuerDir: options.dir })
  }
  return openVerifierServer({ ...options, dir, queries: await readyQueries() })
}
