import { cpus } from 'node:os'
import { IssuerError } from '@netcert/issuer'
import { unpackAnswer } from '@netcert/protocol/gate'
import { expect, test } from 'vitest'
import { answerWith, type LoosePass, loosePasses, readChallenge } from '../gate-attacker.js'
import { openLane } from '../gate-lanes.js'
import { type KioskGround, startKioskGround } from './kiosk-ground.js'
import { readCode } from './src/code-reader.js'
import { conditions } from './src/conditions.js'
import { qrSize } from './src/qr-screen.js'
import { quantile } from './src/stadium/queues.js'

/**
 * npm run bench:gate
 *
 * From the text of a code to a verdict in Node, and from a camera's frame to the painted verdict in
 * Chromium. Prints times; asserts none.
 */

const PERSONS = 50
const say = (line: string) => process.stdout.write(`${line}\n`)
const row = (name: string, times: readonly number[]) => {
  const cells = [0.5, 0.95, 1].map((part) => quantile(times, part).toFixed(2))
  say(`| ${name} | ${cells.join(' | ')} | ${times.length} |`)
}

test('times of a gate', async () => {
  const walk = await startKioskGround({}, { citizens: PERSONS + 10 })
  try {
    say(`${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.versions.node}\n`)
    say('| milliseconds | p50 | p95 | max | of |\n|---|---|---|---|---|')
    await timeJudging(walk)
    // Times are for people to judge; a run that measured nothing is broken.
    expect(await timeCamera(walk)).toBeGreaterThan(0)
  } finally {
    await walk.close()
  }
})

/** Passes of grown-ups: what is timed is the way in, with its entry. */
async function adultPasses({ ground, lane }: KioskGround, persons: number) {
  const all: LoosePass[] = []
  const { gate, challenge } = await openLane(ground, lane)
  for (let person = 0; person < persons; person += 1) {
    const [tried, ...others] = await loosePasses(ground, 8).catch(noneForChildren)
    if (tried === undefined) continue
    const { colour } = await gate.judge(await answerWith(tried, await challenge()))
    if (colour === 'green') all.push(...others)
  }
  return all
}

function noneForChildren(error: unknown): readonly LoosePass[] {
  if (error instanceof IssuerError && error.code === 'age_not_allowed') return []
  throw error
}

async function timed(times: number[], work: () => Promise<unknown>): Promise<void> {
  const begin = performance.now()
  await work()
  times.push(performance.now() - begin)
}

/** In Node, on the machine's own clock. The ledger is in memory: a disk's wait is not the code's. */
async function timeJudging(walk: KioskGround): Promise<void> {
  const codes = await adultPasses(walk, PERSONS)
  const { gate, challenge, settings } = await openLane(walk.ground, walk.lane)
  const text = await challenge()
  const audience = settings.clientId
  const { nonce } = readChallenge(text)
  const unpacked: number[] = []
  const judged: number[] = []
  for (const pass of codes) {
    const answer = await answerWith(pass, text)
    await timed(unpacked, () =>
      unpackAnswer(answer, { audience, nonces: [nonce], decryptionKeys: [] }),
    )
    await timed(judged, async () => {
      const { colour } = await gate.judge(answer)
      if (colour !== 'green') throw new Error(`${colour} instead of green`)
    })
  }
  // The first hundred compile the code.
  row('code’s text to presentation, Node', unpacked.slice(100))
  row('code’s text to verdict, Node', judged.slice(100))
  const sample = await answerWith(codes[0]!, text)
  const [pass, screen] = [qrSize(sample), qrSize(text)]
  say(
    `\ngate pass: ${sample.length} letters, version ${pass.version}-L; challenge: ${text.length} letters, version ${screen.version}-L\n`,
  )
}

type Mark = { readonly name: string; readonly startTime: number; readonly takenAt: number | null }

/** In Chromium: films of 1280 × 720, marks of the page. */
async function timeCamera(walk: KioskGround): Promise<number> {
  const { kiosk } = walk
  await kiosk.showFilm([])
  const codes = (await adultPasses(walk, 8)).slice(0, 30)
  const challenge = (await readCode(await kiosk.challengeCard())) ?? ''
  const texts = await Promise.all(codes.map((pass) => answerWith(pass, challenge)))
  const names = ['clean', 'tilted', 'blurred', 'glare', 'small', 'motion'] as const
  const held = texts.map((text, at) => ({ text, condition: conditions[names[at % names.length]!] }))
  await kiosk.showCodes(held, { width: 1280, height: 720 })
  await kiosk.waitFor('green', held.length)
  const marks = await kiosk.page.evaluate(() =>
    performance.getEntriesByType('mark').map((mark) => ({
      ...{ name: mark.name, startTime: mark.startTime },
      takenAt: (mark as PerformanceMark).detail?.takenAt ?? null,
    })),
  )
  return printMarks(marks)
}

function printMarks(marks: readonly Mark[]): number {
  const frameToVerdict: number[] = []
  const frameToRead: number[] = []
  const readToVerdict: number[] = []
  for (const { name, startTime, takenAt } of marks) {
    const read = marks.find((it) => it.name === 'gate:read' && it.takenAt === takenAt)
    if (name !== 'gate:verdict' || takenAt === null || read === undefined) continue
    frameToVerdict.push(startTime - takenAt)
    frameToRead.push(read.startTime - takenAt)
    readToVerdict.push(startTime - read.startTime)
  }
  say('| milliseconds | p50 | p95 | max | of |\n|---|---|---|---|---|')
  row('camera frame to text, Chromium, 1280 × 720', frameToRead)
  row('text to painted verdict with the entry on the disk, Chromium', readToVerdict)
  row('camera frame to painted verdict, Chromium', frameToVerdict)
  return frameToVerdict.length
}
