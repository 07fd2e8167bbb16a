import { Readable } from 'node:stream'
import { openIssuer, sampleCitizens } from '@netcert/issuer'

/**
 * A process that imports sample citizens: `program <dir> <count>`. It makes the file as it reads
 * it and prints rows, accepted rows and its largest memory in MiB.
 */
const [dir = '', count = '0'] = process.argv.slice(2)
const { issuer, close } = await openIssuer({ dir, clock: () => new Date('2026-11-21T04:00:00Z') })
const lines = sampleCitizens({ count: Number(count), today: '2026-11-21' })
const report = await issuer.importCitizens({
  input: Readable.from(inChunks(lines), { objectMode: true }),
})
await close()
const mebibytes = Math.ceil(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${report.rows} ${report.accepted} ${mebibytes}\n`)

function* inChunks(texts: Iterable<string>): Generator<Uint8Array> {
  let chunk = ''
  for (const text of texts) {
    chunk += text
    if (chunk.length < 60_000) continue
    yield Buffer.from(chunk)
    chunk = ''
  }
  if (chunk !== '') yield Buffer.from(chunk)
}
