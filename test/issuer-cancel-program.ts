import { openIssuer } from '@netcert/issuer'

/**
 * A process that cancels people: `program <dir> <citizen>…`. It prints `ready` when it begins, and a
 * line with the receipt for each cancellation it has answered.
 */
const [dir = '', ...citizens] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T04:00:00Z')
const { issuer, close } = await openIssuer({ dir, clock })
process.stdout.write('ready\n')
for (const citizen of citizens) {
  const { receipt } = await issuer.erasure.cancel(citizen)
  process.stdout.write(`${citizen} ${receipt}\n`)
}
await close()
