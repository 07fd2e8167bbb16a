import { film } from './camera.js'
import { prepareReader } from './code-reader.js'
import { conditionNames, conditions, ladders } from './conditions.js'
import { qrScreen, qrSize } from './qr-screen.js'
import { climb, type FrameSize, readFrames } from './reading-rates.js'
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
  const { width, height } = size
  console.log(
    `\nFrames read at a glance / thoroughly; ms a frame (medians), ${width} × ${height}:\n`,
  )
  row(['condition', ...codes.map(({ name }) => name)])
  line(codes.length + 1)
  const percent = (rate: number) => `${(rate * 100).toFixed(0)} %`
  for (const [seed, name] of conditionNames.entries()) {
    const cells: string[] = []
    for (const { text, thing } of codes) {
      const condition = conditions[name]
      const taken = film({ thing, condition, frames, seed: seed + 1, ...size })
      const { quickRate, rate, quickMs, thoroughMs } = await readFrames(taken, text)
      const times = `${quickMs.toFixed(0)} / ${thoroughMs.toFixed(0)} ms`
      cells.push(`${percent(quickRate)} / ${percent(rate)}, ${times}`)
    }
    row([name, ...cells])
  }
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
