import { readFileSync } from 'node:fs'
import { openIssuer } from '@netcert/issuer'

/**
 * A process that takes applications to their offers, all at once: `program <dir> <file>`, the file a
 * JSON array of applications. It prints the citizen of each offer, and whether they are new.
 */
const [dir = '', file = ''] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T04:00:00Z')
const { issuer, close } = await openIssuer({ dir, clock })
const desk = issuer.applications
const written = JSON.parse(readFileSync(file, 'utf8')) as readonly unknown[]
await Promise.all(
  written.map(async (application) => {
    const { id } = await desk.submit(application)
    await desk.addEvidence(id, 'registry', null)
    await desk.addEvidence(id, 'presence', { counter: { face: true } })
    await desk.decide(id)
    const { citizen, isNew } = await desk.offer(id)
    process.stdout.write(`${citizen} ${isNew}\n`)
  }),
)
await close()
