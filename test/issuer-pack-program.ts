import { openIssuer } from '@netcert/issuer'

/**
 * A process that builds offline packs: `program <dir> <out> <count>`. It prints the number of each pack at
 * the moment it has it, and at the end the most memory it ever had, in MB.
 */
const [dir = '', out = '', count = '0'] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T04:00:00Z')
const { issuer, close } = await openIssuer({ dir, clock })
for (let done = 0; done < Number(count); done++) {
  const { sequence } = await issuer.packs.build({ out })
  process.stdout.write(`${sequence}\n`)
}
await close()
process.stdout.write(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`)
