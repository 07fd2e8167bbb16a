import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { gateGround } from '../../../test/gate-ground.js'
import { commandPhone, eventLane } from '../../../test/gate-phone.js'
import { type GreyPicture, readQrCodes } from '../../../test/qr-reading.js'
import { hasTerminal, sitAtTerminal, terminalState } from '../../../test/terminal.js'
import { writeQrFile } from '../qr-file.js'

const ground = gateGround()

/** What half blocks on a terminal show: two rows of squares a line, light where there is ink. */
function pictureOf(lines: readonly string[]): GreyPicture {
  const scale = 4
  const columns = Math.max(...lines.map((line) => line.length))
  const [width, height] = [columns * scale, lines.length * 2 * scale]
  const grey = new Uint8Array(width * height)
  for (const [row, line] of lines.entries()) {
    for (const [column, letter] of Array.from(line).entries()) {
      const halves = [' ▄'.includes(letter), ' ▀'.includes(letter)]
      for (const [half, isDark] of halves.entries()) {
        for (let pixel = 0; pixel < scale; pixel += 1) {
          const start = ((row * 2 + half) * scale + pixel) * width + column * scale
          grey.fill(isDark ? 0 : 255, start, start + scale)
        }
      }
    }
  }
  return { width, height, grey }
}

describe('wallet gate', () => {
  it.skipIf(!hasTerminal)(
    `asks at a terminal, and draws the code there${terminalState}`,
    async () => {
      const { dir, left } = await commandPhone(ground)
      const { gate, challenge } = await eventLane(ground)
      const place = ['--dir', dir, '--lists', ground.published]
      const no = await sitAtTerminal(['wallet', 'gate', await challenge(), ...place], ['n'])
      expect(no.seen).toContain('consent_refused')
      expect(await left()).toBe(8)
      const { seen, code } = await sitAtTerminal(
        ['wallet', 'gate', await challenge(), ...place],
        ['y'],
      )
      expect({ code, seen }).toMatchObject({ code: 0 })
      const drawn = seen.split('\n').filter((line) => /^[ ▀▄█]{40,}$/.test(line))
      const [text = ''] = await readQrCodes(pictureOf(drawn))
      expect(await gate.judge(text)).toMatchObject({ colour: 'green' })
    },
  )

  it('shows who asks and what it learns, in both languages, and prints the code as text', async () => {
    const { run } = await commandPhone(ground)
    const challenge = await (await eventLane(ground)).challenge()
    const answered = await run('wallet', 'gate', challenge, '--yes', '--lang', 'zh-CN')
    expect(answered.code).toBe(0)
    expect(answered.stdout).toMatch(/^NC1:[0-9A-Z $%*+\-./:]+\n$/)
    for (const words of ['东湖体育馆', '看到二维码的人都能读出以上内容']) {
      expect(answered.stderr).toContain(words)
    }
    const english = await run('wallet', 'gate', challenge, '--yes')
    expect(english.stderr).toMatch(/East Lake Arena[\s\S]*Whoever sees the code can read the above/)
  })

  it('takes the text from standard input, writes an SVG, and says when the clocks differ', async () => {
    const { dir, at } = await commandPhone(ground)
    const clock = ground.clock(new Date(Date.now() + 7_200_000))
    const input = `${await (await eventLane(ground, {}, { clock })).challenge()}\n`
    const place = ['--dir', dir, '--lists', ground.published]
    const words = ['wallet', 'gate', '-', '--out', at('answer.svg'), '--yes', ...place]
    const answered = await netcert(words, { input })
    expect(answered.stderr).toContain('the gate’s time is used')
    expect(readFileSync(at('answer.svg'), 'utf8')).toMatch(/^<svg /)
  })

  it('uses nothing up without a yes, for a file that is there, or for a picture without a code', async () => {
    const { run, at, left } = await commandPhone(ground)
    const challenge = await (await eventLane(ground)).challenge()
    const unasked = await run('wallet', 'gate', challenge, '--json')
    expect(errorOf(unasked)).toMatchObject({ code: 'consent_needed', exit: 1 })
    writeFileSync(at('there.png'), 'x')
    await writeQrFile(at('other.png'), 'https://shop.example')
    const cases = [
      [[challenge, '--out', at('there.png')], 'file_exists'],
      [[challenge, '--out', at('no-folder/answer.png')], 'file_unwritable'],
      [[challenge, '--out', at('answer.pdf')], 'wrong_use'],
      [[], 'wrong_use'],
      [[challenge, '--image', at('there.png')], 'wrong_use'],
      [['--image', at('there.png')], 'image_unreadable'],
      [['--image', at('other.png')], 'qr_missing'],
      [['openid4vp://?x=y'], 'gate_code'],
    ] as const
    for (const [words, code] of cases) {
      const refused = await run('wallet', 'gate', ...words, '--yes', '--json')
      expect(errorOf(refused)).toMatchObject({ code })
    }
    expect(await left()).toBe(8)
  })

  it('asks nobody for a trust list that is not at hand', async () => {
    const { dir } = await commandPhone(ground)
    const challenge = await (await eventLane(ground)).challenge()
    const refused = await netcert(['wallet', 'gate', challenge, '--yes', '--json', '--dir', dir])
    expect(errorOf(refused)).toMatchObject({ code: 'trust_missing', exit: 1 })
  })
})

describe('pass print', () => {
  it('takes the accreditation of a venue with a query, and refuses what is no sheet', async () => {
    const { run, at, left } = await commandPhone(ground)
    writeFileSync(at('venue.jwt'), ground.venue.accreditation('venue-entry'))
    writeFileSync(at('there.pdf'), 'x')
    const print = (...words: readonly string[]) =>
      run('pass', 'print', '--venue', at('venue.jwt'), '--yes', '--json', ...words)
    const query = ['--query', 'gate-age-over-18'] as const
    const out = ['--out', at('sheet.pdf')] as const
    const cases = [
      [[...query, ...out], 'wrong_use'],
      [['--sheet', ...query], 'wrong_use'],
      [['--sheet', ...query, ...out, '--passes', '9'], 'wrong_use'],
      [['--sheet', ...query, '--out', at('there.pdf')], 'file_exists'],
      [['--sheet', ...query, '--out', at('no-folder/sheet.pdf')], 'file_unwritable'],
      [['--sheet', ...out], 'sheet_venue'],
      [['--sheet', '--query', 'age-over-18', ...out], 'type_unregistered'],
    ] as const
    for (const [words, code] of cases) {
      expect(errorOf(await print(...words))).toMatchObject({ code })
    }
    expect(await left()).toBe(8)
    expect(jsonOf(await print('--sheet', ...query, ...out))).toMatchObject({ passes: 4 })
    expect(
      errorOf(await print('--sheet', ...query, '--out', at('more.pdf'), '--passes', '5')),
    ).toMatchObject({
      code: 'copies_used_up',
    })
  })
})
