import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { leaveFolder, prepareFolder } from './folder.js'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'netcert-folder-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('prepareFolder', () => {
  it('empties a folder of its own and takes a new or empty one', async () => {
    await prepareFolder(join(dir, 'new'))
    await leaveFolder(join(dir, 'new'))
    mkdirSync(join(dir, 'new', 'issuer'))
    await prepareFolder(join(dir, 'new'))
    expect(readdirSync(join(dir, 'new'))).toEqual(['made-by-netcert-demo'])
  })

  it('leaves a folder with other files alone', async () => {
    writeFileSync(join(dir, 'thesis.txt'), 'years of work')
    await expect(prepareFolder(dir)).rejects.toMatchObject({ code: 'folder_not_ours', exit: 2 })
    expect(readdirSync(dir)).toEqual(['thesis.txt'])
  })

  it('refuses a file of that name, and a folder where another demo is running', async () => {
    writeFileSync(join(dir, 'file'), '')
    await expect(prepareFolder(join(dir, 'file'))).rejects.toMatchObject({
      code: 'folder_not_ours',
    })
    writeFileSync(join(dir, 'made-by-netcert-demo'), `${process.ppid}\n`)
    await expect(prepareFolder(dir)).rejects.toThrow(/Another demo is running/)
  })
})
