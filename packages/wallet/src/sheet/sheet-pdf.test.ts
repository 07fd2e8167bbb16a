import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readQrCodes } from '../../../../test/qr-reading.js'
import { squaresOf } from '../../../../test/sheet-squares.js'
import { inFont } from './sheet-font.js'
import { MOST_PASSES } from './sheet-content.js'
import { drawSheet } from './sheet-pdf.js'
import { unpackWoff } from './woff.js'

const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const printedAt = new Date('2026-03-01T08:00:00Z')
const expiresAt = new Date('2026-03-04T08:00:00Z')
const venue = { 'zh-CN': '国家体育场（鸟巢）', en: 'National Stadium (Bird’s Nest)' }
const shows = [{ 'zh-CN': '真人', en: 'Real person' }]

/** Texts as long as packed passes are; each different, the same in every run. */
const passes = (count: number) =>
  Array.from({ length: count }, (_, pass) => {
    const letters = Array.from({ length: 395 }, (__, at) => BASE45[(at * at * 7 + pass * 13) % 45])
    return { code: `NC1:${letters.join('')}`, expiresAt }
  })

const draw = (count: number, changes: object = {}) =>
  drawSheet({ venue, shows, passes: passes(count), printedAt, ...changes })

const run = promisify(execFile)
const hasPoppler = ['pdftoppm', 'pdftotext'].every((name) => existsSync(`/usr/bin/${name}`))
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-sheet-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function onDisk(pdf: Uint8Array): Promise<string> {
  const file = join(folder, 'sheet.pdf')
  await writeFile(file, pdf)
  return file
}

describe('a printed sheet', () => {
  it('has every code readable, one page for eight', async () => {
    const codes = await readQrCodes(squaresOf(await draw(MOST_PASSES)))
    expect(codes.toSorted()).toEqual(
      passes(MOST_PASSES)
        .map(({ code }) => code)
        .toSorted(),
    )
  })

  it.skipIf(!hasPoppler)('is read off the page as a camera sees it', async () => {
    const file = await onDisk(await draw(5))
    await run('pdftoppm', ['-r', '150', '-png', '-singlefile', file, join(folder, 'sheet')])
    const codes = await readQrCodes(new Uint8Array(await readFile(join(folder, 'sheet.png'))))
    expect(new Set(codes)).toEqual(new Set(passes(5).map(({ code }) => code)))
  })

  it.skipIf(!hasPoppler)('says in both languages, as text, what it is and for whom', async () => {
    const file = await onDisk(await draw(2))
    const { stdout } = await run('pdftotext', ['-layout', file, '-'])
    for (const words of [
      '国家体育场（鸟巢）',
      "National Stadium (Bird's Nest)",
      '不记名：谁持有，谁就能入场。请像保管现金一样保管',
      'Bearer paper: whoever holds it enters. Keep it as cash',
      '第 2 张，共 2 张',
      'Pass 2 of 2',
      '有效至 Valid until',
      '2026-03-04 16:00',
      '入口得知：真人',
    ]) {
      expect(stdout).toContain(words)
    }
    // Each piece still says it once it is cut off.
    expect(stdout.match(/不记名，谁持有谁入场/g)).toHaveLength(2)
    expect(stdout).not.toContain('NC1:')
  })

  it('stays small, for only the characters it shows are in it', async () => {
    expect((await draw(MOST_PASSES)).length).toBeLessThan(150_000)
  })

  it('is refused without passes and with more than a page holds', async () => {
    await expect(draw(0)).rejects.toThrow(TypeError)
    await expect(draw(MOST_PASSES + 1)).rejects.toThrow(TypeError)
  })

  it('marks a character that the font has not, instead of leaving a gap', () => {
    const hasGlyph = (codePoint: number) => codePoint !== 0x2_0bb7
    expect(inFont('𠮷野体育馆', hasGlyph)).toBe('〓野体育馆')
  })
})

describe('the font of the sheet', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['another file', new TextEncoder().encode('%PDF-1.7'.padEnd(200, ' '))],
  ])('is not taken from %s', (_, bytes) => {
    expect(() => unpackWoff(bytes)).toThrow('no WOFF file')
  })

  it('is not taken from a file that is cut off or lies about its length', async () => {
    const file = new URL('../../fonts/noto-sans-sc-400.woff', import.meta.url)
    const whole = new Uint8Array(await readFile(file))
    expect(() => unpackWoff(whole.subarray(0, whole.length / 2))).toThrow('no WOFF file')
    const larger = Uint8Array.from(whole)
    larger.set([0x7f, 0xff, 0xff, 0xff], 16)
    expect(() => unpackWoff(larger)).toThrow('no WOFF file')
  })
})
