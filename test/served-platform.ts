import { once } from 'node:events'
import { createServer } from 'node:http'
import { openIssuer } from '@netcert/issuer'
import type { SignIn } from '@netcert/verifier'
import { asExpressSignIn } from '@netcert/verifier/express'

/** Publishes, as of the real time, where wallets and platforms look. */
export async function publishTo(issuer: { readonly dir: string }, out: string): Promise<void> {
  const opened = await openIssuer({ dir: issuer.dir, clock: () => new Date() })
  await opened.issuer.publish({ out })
  await opened.close()
}

/** Serves a platform with sign-in at its origin; the answer ends it. */
export async function serveSignIn(platform: SignIn, origin: string): Promise<() => Promise<void>> {
  const { routes } = asExpressSignIn(platform)
  const server = createServer((request, response) => {
    void routes(request, response, () => response.writeHead(404).end())
  })
  server.listen(Number(new URL(origin).port), '127.0.0.1')
  await once(server, 'listening')
  return async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}
