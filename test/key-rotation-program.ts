import { openIssuer } from '@netcert/issuer'

/**
 * A process that changes the key of certificates and publishes: `program <dir> <out>`. It prints a
 * line after each step, and takes up what another one left.
 */
const [dir = '', out = ''] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T04:00:00Z')
const { issuer, close } = await openIssuer({ dir, clock })
process.stdout.write('opened\n')
const steps = {
  next: () => issuer.keys.next({ use: 'credential' }),
  published: () => issuer.publish({ out }),
  active: () => issuer.keys.activate({ use: 'credential', emergency: true }),
}
for (const [name, step] of Object.entries(steps)) {
  await step().catch((error: unknown) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'next_key_exists'
    if (!taken) throw error
  })
  process.stdout.write(`${name}\n`)
}
await close()
