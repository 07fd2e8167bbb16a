import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { gateGround } from '../../../test/gate-ground.js'
import { createEvent, laneSettings, openLane } from '../../../test/gate-lanes.js'
import { readQrCodes } from '../../../test/qr-reading.js'
import { writeQrFile } from '../qr-file.js'

const ground = gateGround()

type Answer = { text: string; encrypted: boolean; clocks: { gate: string } | null }
type Held = { certificates: { remaining: number; copies: number }[] }

/** A wallet with eight passes on disk, which nobody has open, and how the command is told of it. */
async function phone() {
  const { dir, close } = await ground.visitor()
  await close()
  const run = (...words: readonly string[]) =>
    netcert([...words, '--dir', dir, '--lists', ground.published])
  return {
    dir,
    run,
    left: async () => {
      const { certificates } = jsonOf<Held>(
        await netcert(['wallet', 'list', '--json', '--dir', dir]),
      )
      return certificates.map(({ remaining }) => remaining)
    },
    at: (name: string) => join(dir, name),
  }
}

const lane = (changes = {}) =>
  openLane(ground, laneSettings(ground, createEvent(ground.venue), { changes }))

describe('wallet gate', () => {
  it('reads a picture of the challenge and answers with a picture that the gate lets in', async () => {
    const { run, at, left, dir } = await phone()
    const gate = await lane()
    await writeQrFile(at('gate.png'), await gate.challenge())
    const words = ['wallet', 'gate', '--image', at('gate.png'), '--out', at('answer.png')]
    const answer = jsonOf<Answer>(await run(...words, '--yes', '--json'))
    expect(answer).toMatchObject({ encrypted: false, clocks: null })
    expect(statSync(at('answer.png')).mode & 0o777).toBe(0o600)
    const [text = ''] = await readQrCodes(new Uint8Array(readFileSync(at('answer.png'))))
    expect(text).toBe(answer.text)
    expect(await gate.gate.judge(text)).toMatchObject({ colour: 'green', by: 'challenge' })
    expect(await left()).toEqual([7])
    const listed = await netcert(['wallet', 'list', '--dir', dir])
    expect(listed.stdout).toMatch(/gate-pass +one-time +7 of 8/)
  })

  it('shows who asks and what it learns, in both languages, and prints the code as text', async () => {
    const { run } = await phone()
    const gate = await lane()
    const challenge = await gate.challenge()
    const answered = await run('wallet', 'gate', challenge, '--yes', '--lang', 'zh-CN')
    expect(answered.code).toBe(0)
    expect(answered.stdout).toMatch(/^NC1:[0-9A-Z $%*+\-./:]+\n$/)
    for (const words of ['东湖体育馆', '看到二维码的人都能读出以上内容']) {
      expect(answered.stderr).toContain(words)
    }
    const english = await run('wallet', 'gate', challenge, '--yes')
    expect(english.stderr).toMatch(/East Lake Arena[\s\S]*Whoever sees the code can read the above/)
  })

  it('writes an SVG too, and says when the clocks differ', async () => {
    const { run, at } = await phone()
    const clock = ground.clock(new Date(Date.now() + 7_200_000))
    const gate = await openLane(ground, laneSettings(ground, createEvent(ground.venue)), { clock })
    const words = ['wallet', 'gate', await gate.challenge(), '--out', at('answer.svg'), '--yes']
    const run1 = await run(...words)
    expect(run1.stderr).toContain('the gate’s time is used')
    expect(readFileSync(at('answer.svg'), 'utf8')).toMatch(/^<svg /)
  })

  it('uses nothing up without a yes, for a file that is there, or for a picture without a code', async () => {
    const { run, at, left } = await phone()
    const challenge = await (await lane()).challenge()
    expect(errorOf(await run('wallet', 'gate', challenge, '--json'))).toMatchObject({
      code: 'consent_needed',
      exit: 1,
    })
    writeFileSync(at('there.png'), 'x')
    const cases = [
      [['gate', challenge, '--out', at('there.png')], 'file_exists'],
      [['gate', challenge, '--out', at('answer.pdf')], 'wrong_use'],
      [['gate'], 'wrong_use'],
      [['gate', challenge, '--image', at('there.png')], 'wrong_use'],
      [['gate', '--image', at('there.png')], 'image_unreadable'],
      [['gate', 'openid4vp://?x=y'], 'gate_code'],
    ] as const
    for (const [words, code] of cases) {
      const run1 = await run('wallet', ...words, '--yes', '--json')
      expect(errorOf(run1)).toMatchObject({ code })
    }
    await writeQrFile(at('other.png'), 'https://shop.example')
    expect(
      errorOf(await run('wallet', 'gate', '--image', at('other.png'), '--yes', '--json')),
    ).toMatchObject({ code: 'qr_missing', exit: 1 })
    expect(await left()).toEqual([8])
  })

  it('asks nobody for a trust list that is not at hand', async () => {
    const { dir } = await phone()
    const challenge = await (await lane()).challenge()
    const run1 = await netcert(['wallet', 'gate', challenge, '--yes', '--json', '--dir', dir])
    expect(errorOf(run1)).toMatchObject({ code: 'trust_missing', exit: 1 })
  })
})

describe('pass print', () => {
  it('prints a sheet whose passes open a gate that takes paper, once each', async () => {
    const { run, at, left } = await phone()
    const gate = await lane({ paper: true })
    writeFileSync(at('gate.txt'), await gate.challenge())
    const words = ['pass', 'print', '--sheet', '--venue', at('gate.txt'), '--passes', '2']
    const printed = await run(...words, '--out', at('sheet.pdf'), '--yes', '--json')
    expect(jsonOf(printed)).toMatchObject({
      passes: 2,
      remaining: 6,
      audience: ground.venue.clientId,
    })
    expect(readFileSync(at('sheet.pdf')).subarray(0, 8).toString()).toBe('%PDF-1.7')
    expect(statSync(at('sheet.pdf')).mode & 0o777).toBe(0o600)
    expect(await left()).toEqual([6])
    expect(errorOf(await run(...words, '--out', at('sheet.pdf'), '--yes', '--json'))).toMatchObject(
      {
        code: 'file_exists',
      },
    )
    expect(await left()).toEqual([6])
  })

  it('takes the accreditation of a venue with a query, and refuses what is no sheet', async () => {
    const { run, at, left } = await phone()
    writeFileSync(at('venue.jwt'), ground.venue.accreditation('venue-entry'))
    const print = (...words: readonly string[]) =>
      run('pass', 'print', '--venue', at('venue.jwt'), '--yes', '--json', ...words)
    const query = ['--query', 'gate-age-over-18'] as const
    const out = ['--out', at('other.pdf')] as const
    const cases = [
      [[...query, ...out], 'wrong_use'],
      [['--sheet', ...query], 'wrong_use'],
      [['--sheet', ...query, ...out, '--passes', '9'], 'wrong_use'],
      [['--sheet', ...out], 'sheet_venue'],
      [['--sheet', '--query', 'age-over-18', ...out], 'query_unanswered'],
    ] as const
    for (const [words, code] of cases)
      expect(errorOf(await print(...words))).toMatchObject({ code })
    expect(await left()).toEqual([8])
    expect(jsonOf(await print('--sheet', ...query, ...out))).toMatchObject({ passes: 4 })
  })
})
