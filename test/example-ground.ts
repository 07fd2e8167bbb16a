import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initVerifier, installAccreditation, readRequestKey } from '@netcert/verifier/server'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { accredit } from './accreditation-ground.js'
import { root } from './architecture/source-file.js'
import { freePort } from './free-port.js'
import { createHolder, createTrustDomain, later, type TrustDomain } from './trust-domain.js'
import type { Held } from './vp-wallet-ground.js'

/** What an example says when it takes requests; the shop with the numbers of slips, to try it. */
export type Ready = {
  readonly ready: true
  readonly url: string
  readonly slips?: readonly string[]
}

/** An accredited verifier's folder, somebody who holds a certificate, and the examples as processes. */
export type ExampleGround = {
  readonly origin: string
  /** The verifier's data folder. */
  readonly dir: string
  readonly domain: TrustDomain
  readonly held: Held
  /** Starts an example and waits for its line; it ends with the test. */
  start(example: string): Promise<Ready>
  post(path: string, headers?: Record<string, string>): Promise<Response>
}

/** Call at the top of a file. */
export function exampleGround(): ExampleGround {
  const made: { home?: string; origin?: string; domain?: TrustDomain; held?: Held } = {}
  const of = <Name extends keyof typeof made>(name: Name): NonNullable<(typeof made)[Name]> => {
    const value = made[name]
    if (value === undefined) throw new TypeError('used before the tests began')
    return value
  }
  const running: ChildProcess[] = []
  beforeAll(async () => {
    made.home = await mkdtemp(join(tmpdir(), 'netcert-examples-'))
    made.origin = `http://127.0.0.1:${await freePort()}`
    const now = new Date()
    // The examples run by the clock of the system, so everything is issued for now.
    const domain = await createTrustDomain(now)
    made.domain = domain
    await domain.publish(join(made.home, 'published'))
    const holder = await createHolder()
    const expiresAt = later(86_400, now)
    made.held = { holder, credential: await domain.mint({ jwk: holder.jwk, expiresAt }) }
    await setUp(ground, { now, listsDir: join(made.home, 'published') })
  })
  afterEach(async () => {
    for (const child of running.splice(0)) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  })
  afterAll(() => rm(of('home'), { recursive: true, force: true }))
  const ground: ExampleGround = {
    get origin() {
      return of('origin')
    },
    get dir() {
      return join(of('home'), 'verifier')
    },
    get domain() {
      return of('domain')
    },
    get held() {
      return of('held')
    },
    async start(example) {
      const file = join(root, 'examples', example)
      const child = spawn(process.execPath, [file, ground.dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      running.push(child)
      const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
      return JSON.parse(line) as Ready
    },
    post: (path, headers = {}) => fetch(ground.origin + path, { method: 'POST', headers }),
  }
  return ground
}

/** Accredited for accounts, and for what the shop asks of everybody. */
async function setUp(
  { dir, domain, origin }: ExampleGround,
  { now, listsDir }: { readonly now: Date; readonly listsDir: string },
): Promise<void> {
  await initVerifier({
    ...{ dir, baseUrl: `${origin}/netcert`, rootDid: domain.rootDid, listsDir, now },
  })
  const { jwk: requestJwk } = await readRequestKey({ dir })
  const claims = [
    ['platform_number'],
    ['real_person'],
    ['presence_at'],
    ['age_equal_or_over', '18'],
  ]
  const expiresAt = later(86_400, now)
  const token = await accredit(domain, { requestJwk, issuedAt: now, expiresAt, claims })
  await installAccreditation({ dir, token, clock: () => now, allowHttpLoopback: false })
}
