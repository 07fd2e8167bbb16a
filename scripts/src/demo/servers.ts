import { createServer } from 'node:http'
import { freshnessPolicies, type Trust } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { createVerifier, memorySessions } from '@netcert/verifier'
import { createIssuerApp } from '@netcert/issuer/http'
import { createVerifierServer } from '@netcert/verifier/http'
import type { Interruption } from '../interrupt.js'
import type { Invocation } from '../invocation.js'
import { styled } from '../screen.js'
import type { Place } from './issuing.js'
import { type Listening, listen } from './listen.js'
import { tellFirstPath } from './pages/first-path.js'
import type { SyntheticCitizen } from './pages/synthetic-citizens.js'
import { platformTrust, TICKETS } from './platform.js'

/** Where the published files are served when nothing else was asked for. */
export const PUBLISHED_PORT = 8640

/**
 * Serves the published files. Listening comes first of all, since the address stands in every
 * certificate with a status.
 *
 * @throws CommandFailure `address_in_use` when a port was asked for and is taken.
 */
export function openPublished(dir: string, port: number | undefined): Promise<Listening> {
  const server = createServer(createIssuerApp({ publishedDir: dir }))
  return listen({ server, port: port ?? PUBLISHED_PORT, orAnother: port === undefined })
}

/** Keeps the servers up until the person ends it. */
export async function stayUp(
  published: string,
  { screen }: Invocation,
  options: {
    readonly place: Place
    /** Who one can be. */
    readonly named: readonly SyntheticCitizen[]
    readonly interruption: Interruption
  },
): Promise<void> {
  const { place, named, interruption } = options
  const { openDemoPages } = await import('./pages/demo-pages.js')
  const pages = await openDemoPages(place, named)
  const platform = await openPlatformServer(place)
  try {
    tellFirstPath(screen, pages)
    screen.line()
    screen.line(styled('bold', 'Still running, on this machine only'))
    screen.line('  published files  ', `${published}/trust-list.jwt`)
    screen.line('  public register  ', `${published}/register/`)
    screen.line('  ticket platform  ', `${platform.url}/health`)
    screen.line()
    screen.line('  Ask as the platform:')
    screen.line(`    curl -s ${platform.url}/sessions -H 'content-type: application/json' \\`)
    screen.line(`         -d '{"query":"age-over-18"}'`)
    screen.line('  Answer as the first citizen, with the nonce from there:')
    screen.line(`    npx netcert wallet present --dir ${place.dir}/wallets/citizen-1 \\`)
    screen.line(`         --query age-over-18 --audience ${TICKETS} --nonce <nonce>`)
    screen.line()
    screen.line('  Ctrl-C ends it.')
    const { citizens, wallet, kiosk, theatre } = pages
    const shop = theatre?.shopUrl ?? null
    screen.result({ published, platform: platform.url, citizens, wallet, kiosk, shop })
    await interruption.wait()
    screen.line()
    screen.line('Stopped.')
  } finally {
    await platform.close()
    await pages.close()
  }
}

/** The ticket platform's own server: it reads its copy of the lists anew when they are a minute old. */
async function openPlatformServer(place: Place): Promise<Listening> {
  const named = Object.entries(queries).map(([name, query]) => [name, parseQuery(query)] as const)
  const verifier = createVerifier({
    trust: refreshed(place),
    audience: TICKETS,
    clock: place.clock,
    freshness: freshnessPolicies['grace-24h'],
    sessions: memorySessions({ clock: place.clock }),
    platform: () => null,
  })
  const server = createVerifierServer({
    verifier,
    queries: new Map(named),
    health: () => ({ audience: TICKETS }),
  })
  return listen({ server, port: PUBLISHED_PORT + 1, orAnother: true })
}

function refreshed(place: Place): () => Promise<Trust> {
  let held: { readonly trust: Promise<Trust>; readonly at: number } | undefined
  return () => {
    const now = place.clock().getTime()
    if (held === undefined || now - held.at > 60_000) {
      held = { trust: platformTrust(place), at: now }
    }
    return held.trust
  }
}
