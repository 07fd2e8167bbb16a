import { expect, test } from 'vitest'
import { answerWith, type LoosePass } from '../gate-attacker.js'
import { type KioskGround, startKioskGround } from './kiosk-ground.js'
import { readCode } from './src/code-reader.js'
import { conditions } from './src/conditions.js'
import { adultPasses, sayHeads, sayTimes } from './time-table.js'

/**
 * npm run bench:gate
 *
 * From a camera's frame to the painted verdict, in Chromium. Prints times; asserts none.
 */
test('from a camera’s frame to the verdict on the screen', async () => {
  const walk = await startKioskGround({}, { citizens: 20 })
  try {
    // Times are for people to judge; a run that measured nothing is broken.
    expect(await timeCamera(walk)).toBeGreaterThan(0)
  } finally {
    await walk.close()
  }
})

type Mark = { readonly name: string; readonly startTime: number; readonly takenAt: number | null }

const names = ['clean', 'tilted', 'blurred', 'glare', 'small', 'motion'] as const
/** As many as are filmed and shown before their challenge is over, on a slow machine too. */
const AT_ONCE = 12

/** In Chromium: films of 1280 × 720, marks of the page. */
async function timeCamera(walk: KioskGround): Promise<number> {
  const codes = (await adultPasses(walk.ground, walk.lane, 8)).slice(0, 3 * AT_ONCE)
  const marks: Mark[][] = []
  for (let from = 0; from < codes.length; from += AT_ONCE)
    marks.push(await showPasses(walk, codes.slice(from, from + AT_ONCE)))
  return printMarks(marks)
}

async function showPasses({ kiosk }: KioskGround, codes: readonly LoosePass[]): Promise<Mark[]> {
  await kiosk.showFilm([])
  const challenge = (await readCode(await kiosk.challengeCard())) ?? ''
  const texts = await Promise.all(codes.map((pass) => answerWith(pass, challenge)))
  const held = texts.map((text, at) => ({ text, condition: conditions[names[at % names.length]!] }))
  await kiosk.showCodes(held, { width: 1280, height: 720 })
  await kiosk.waitFor('green', held.length)
  return kiosk.page.evaluate(() =>
    performance.getEntriesByType('mark').map((mark) => ({
      ...{ name: mark.name, startTime: mark.startTime },
      takenAt: (mark as PerformanceMark).detail?.takenAt ?? null,
    })),
  )
}

function printMarks(pages: readonly (readonly Mark[])[]): number {
  const frameToVerdict: number[] = []
  const frameToRead: number[] = []
  const readToVerdict: number[] = []
  for (const marks of pages)
    for (const { name, startTime, takenAt } of marks) {
      const read = marks.find((it) => it.name === 'gate:read' && it.takenAt === takenAt)
      if (name !== 'gate:verdict' || takenAt === null || read === undefined) continue
      frameToVerdict.push(startTime - takenAt)
      frameToRead.push(read.startTime - takenAt)
      readToVerdict.push(startTime - read.startTime)
    }
  sayHeads()
  sayTimes('camera frame to text, Chromium, 1280 × 720', { wall: frameToRead, cpu: [] })
  sayTimes('text to painted verdict, entry on the disk', { wall: readToVerdict, cpu: [] })
  sayTimes('camera frame to painted verdict, Chromium', { wall: frameToVerdict, cpu: [] })
  return frameToVerdict.length
}
