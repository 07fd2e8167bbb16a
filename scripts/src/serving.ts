import { join } from 'node:path'
import { describeFailure } from './describe-failure.js'
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
}

/** A revocation is published by `netcert publish` at once, and by this at the latest. */
const PUBLISH_MILLISECONDS = 3_600_000

/** Serves an issuer; renews accreditations and publishes first and every hour. @throws IssuerError */
export async function serveIssuer(options: IssuerServingOptions): Promise<Serving> {
  const { openIssuerServer } = await import('@netcert/issuer/server')
  await publishAgain(options)
  const signing = await openSigning(options)
  const server = await openIssuerServer({ ...options, certificates: signing.certificates }).catch(
    async (error: unknown) => {
      await signing.close()
      throw error
    },
  )
  const timer = setInterval(() => {
    publishAgain(options).catch((error: unknown) => {
      options.log(`not published: ${describeFailure(error).code}`)
    })
  }, PUBLISH_MILLISECONDS)
  timer.unref()
  return {
    url: server.url,
    close: async () => {
      clearInterval(timer)
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

/** Without the root key an old trust list stays; the status lists are written all the same. */
async function publishAgain(options: ServingOptions): Promise<void> {
  await publish(options).catch((error: unknown) => {
    const { code } = describeFailure(error)
    if (code !== 'root_key_needed') throw error
    options.log('the trust list has run out: publish with the root key')
  })
}

async function publish({ dir, clock }: ServingOptions): Promise<void> {
  const { openIssuer } = await import('@netcert/issuer')
  await renewAccreditations({ dir, clock })
  const { issuer, close } = await openIssuer({ dir, clock, actor: { kind: 'server' } })
  try {
    await issuer.publish({ out: join(dir, 'published') })
  } finally {
    await close()
  }
}

/** What ends soon is renewed before it is published. */
async function renewAccreditations(place: Pick<ServingOptions, 'dir' | 'clock'>): Promise<void> {
  const { openRegistrar } = await import('@netcert/issuer/registrar')
  const { registrar, close } = await openRegistrar({ ...place, actor: { kind: 'server' } })
  try {
    await registrar.renew()
  } finally {
    await close()
  }
}

/**
 * Serves a verifier: the one in the folder, or the one beside an issuer.
 *
 * @throws VerifierError `verifier_missing` where there is none and none is to be set up.
 */
export async function serveVerifier(
  options: ServingOptions & { readonly setUp: boolean },
): Promise<Serving> {
  const { openVerifierServer } = await import('@netcert/verifier/server')
  const dir = await verifierFolder(options.dir)
  if (options.setUp && !(await exists(dir))) {
    await setUpVerifier({ ...options, dir, issuerDir: options.dir })
  }
  return openVerifierServer({ ...options, dir, queries: await readyQueries() })
}
