import { prepareReader } from './code-reader.js'
import { ladders } from './conditions.js'
import { qrScreen, qrSize } from './qr-screen.js'
import { climb, type FrameSize, readConditions } from './reading-rates.js'
import { codeOfLength, fullCodes } from './sized-codes.js'

/**
 * npm run cameras [-- --quick]
 *
 * How well codes as large as a gate's are read in frames of a cheap camera, and up to which
 * distortion. Prints tables; asserts nothing. `--quick` takes a third of the frames.
 */
const quick = process.argv.includes('--quick')
const frames = quick ? 4 : 12
const sizes: readonly FrameSize[] = [
  { width: 1280, height: 720 },
  { width: 640, height: 480 },
]

const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`)
const line = (cells: number) => console.log(`|${'---|'.repeat(cells)}`)
const codes = Object.entries(fullCodes).map(([name, letters], seed) => {
  const text = codeOfLength(letters, seed + 1)
  return { name, text, thing: qrScreen(text), modules: qrSize(text).modules }
})

async function printConditions(size: FrameSize): Promise<void> {
  console.log(`\nFrames read, and ms a frame (p50 / p95), ${size.width} × ${size.height}:\n`)
  const columns = await Promise.all(
    codes.map(async ({ text, thing }) => readConditions({ thing, text, frames, size })),
  )
  row(['condition', ...codes.map(({ name }) => name)])
  line(codes.length + 1)
  columns[0]?.forEach(([name], at) => {
    const cells = columns.map((column) => {
      const { rate, p50, p95 } = column[at]?.[1] ?? { rate: 0, p50: 0, p95: 0 }
      return `${(rate * 100).toFixed(0)} % · ${p50.toFixed(0)} / ${p95.toFixed(0)}`
    })
    row([name, ...cells])
  })
}

async function printLadders(size: FrameSize): Promise<void> {
  console.log(
    `\nRead in nine of ten frames up to (in any frame up to), ${size.width} × ${size.height}:\n`,
  )
  row(['distortion', 'unit', ...codes.map(({ name, modules }) => `${name}, ${modules} modules`)])
  line(codes.length + 2)
  for (const ladder of ladders) {
    const cells: string[] = []
    for (const { text, thing } of codes) {
      const { good, any } = await climb(ladder, { thing, text, frames, size })
      cells.push(`${good ?? 'never'} (${any ?? 'never'})`)
    }
    row([ladder.name, ladder.unit, ...cells])
  }
}

await prepareReader()
console.log(`${frames} frames each; the same seed gives the same frames.`)
for (const size of sizes) await printConditions(size)
for (const size of sizes) await printLadders(size)
