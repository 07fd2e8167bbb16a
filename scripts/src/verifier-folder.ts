import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure, exitCodes } from './failure.js'

/** The folder of the verifier: the one named, or the one beside the issuer that was named. */
export async function verifierFolder(dir: string): Promise<string> {
  return (await exists(join(dir, 'netcert.json'))) ? join(dir, 'verifier') : dir
}

/** How a verifier beside an issuer is set up. */
export type SetUpVerifierOptions = {
  readonly dir: string
  readonly issuerDir: string
  readonly clock: () => Date
  /** Port of its base URL; the one after the issuer's when nothing else is said. */
  readonly port?: number
}

/**
 * Sets up a verifier for trials on the machine of its issuer: it believes that issuer's root and
 * reads the lists where the issuer publishes them.
 *
 * @throws CommandFailure `verifier_needed` where the issuer is not on this machine.
 */
export async function setUpVerifier(options: SetUpVerifierOptions): Promise<void> {
  const { initVerifier } = await import('@netcert/verifier/server')
  const { dir, issuerDir, clock } = options
  await initVerifier({
    dir,
    baseUrl: await besideUrl(options),
    rootDid: (await readFile(join(issuerDir, 'root.did'), 'utf8')).trim(),
    listsDir: join(issuerDir, 'published'),
    now: clock(),
  })
}

async function besideUrl({ issuerDir, port }: SetUpVerifierOptions): Promise<string> {
  const config: unknown = JSON.parse(await readFile(join(issuerDir, 'netcert.json'), 'utf8'))
  const isConfig = typeof config === 'object' && config !== null && 'base_url' in config
  const url = new URL(isConfig ? String(config.base_url) : '')
  if (url.protocol !== 'http:') {
    throw new CommandFailure('verifier_needed', 'There is no verifier beside this issuer.', {
      exit: exitCodes.wrongUse,
      cure: 'Set one up with its own address: netcert verifier init --base-url https://…',
    })
  }
  return `http://${url.hostname}:${port ?? Number(url.port || 80) + 1}`
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
