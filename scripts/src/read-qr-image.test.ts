import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeQrFile } from './qr-file.js'
import { readQrImage } from './read-qr-image.js'

const CODE = 'NCC1:6BF5Q%6AL6.*CB73V/6 $'
let folder: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-qr-'))
  await writeQrFile(at('code.png'), CODE)
})
afterAll(() => rm(folder, { recursive: true }))

/** A picture that says it has these many pixels. */
async function sized(name: string, width: number, height: number): Promise<string> {
  const bytes = await readFile(at('code.png'))
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  await writeFile(at(name), bytes)
  return at(name)
}

describe('a code in a picture', () => {
  it('is read with the reader that came with the command, the network shut', async () => {
    expect(await readQrImage(at('code.png'), 'NCC1:')).toBe(CODE)
  })

  it('counts only if it begins as it should', async () => {
    await expect(readQrImage(at('code.png'), 'NC1:')).rejects.toMatchObject({ code: 'qr_missing' })
  })

  it('is not looked for in what is no PNG, or says it has more pixels than memory would hold', async () => {
    await writeFile(at('text.png'), 'no picture at all, however long it goes on')
    const unreadable = { code: 'image_unreadable' }
    await expect(readQrImage(at('text.png'), 'NCC1:')).rejects.toMatchObject(unreadable)
    const bomb = await sized('bomb.png', 100_000, 100_000)
    await expect(readQrImage(bomb, 'NCC1:')).rejects.toMatchObject(unreadable)
    await expect(readQrImage(at('none.png'), 'NCC1:')).rejects.toMatchObject({
      code: 'file_missing',
    })
  })

  it('is missing from a picture that is damaged', async () => {
    const bytes = await readFile(at('code.png'))
    await writeFile(at('cut.png'), bytes.subarray(0, bytes.length / 2))
    await expect(readQrImage(at('cut.png'), 'NCC1:')).rejects.toMatchObject({ code: 'qr_missing' })
  })
})

describe('a code in a file', () => {
  it('is PNG or SVG by the name, and nothing is overwritten', async () => {
    await expect(writeQrFile(at('code.pdf'), CODE)).rejects.toMatchObject({ code: 'wrong_use' })
    await expect(writeQrFile(at('code.png'), CODE)).rejects.toMatchObject({ code: 'file_exists' })
  })
})
