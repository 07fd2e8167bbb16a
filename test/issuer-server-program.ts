import { openIssuerServer } from '@netcert/issuer/server'

/**
 * A process that serves an issuer: `program <dir> <port>`. It prints `ready` when it takes requests,
 * on a port of its own beside the one of the base URL, and ends with its parent.
 */
const [dir = '', port = '0'] = process.argv.slice(2)
await openIssuerServer({
  dir,
  port: Number(port),
  allowHttpLoopback: true,
  clock: () => new Date(),
  log: () => undefined,
  limits: { perMinute: 100_000 },
})
process.stdout.write('ready\n')
