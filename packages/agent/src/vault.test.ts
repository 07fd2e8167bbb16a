import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMasterKey } from './master-key.js'
import { openVault, type Vault } from './vault.js'

let folder: string
let masterKeyFile: string
let vault: Vault

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-vault-'))
  masterKeyFile = join(folder, 'secrets', 'master.key')
  await createMasterKey(masterKeyFile)
  vault = await openVault({ masterKeyFile })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bytes = (text: string) => new TextEncoder().encode(text)

describe('a master key', () => {
  it('stands in a file of its owner alone, whatever the umask', async () => {
    const umask = process.umask(0)
    const file = join(folder, 'open', 'master.key')
    try {
      await createMasterKey(file)
    } finally {
      process.umask(umask)
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'open'))).mode & 0o777).toBe(0o700)
  })

  it('is never overwritten', async () => {
    const before = await readFile(masterKeyFile, 'utf8')
    await expect(createMasterKey(masterKeyFile)).rejects.toMatchObject({
      code: 'master_key_exists',
    })
    expect(await readFile(masterKeyFile, 'utf8')).toBe(before)
  })

  it('is refused when it is missing', async () => {
    const opened = openVault({ masterKeyFile: join(folder, 'nothing') })
    await expect(opened).rejects.toMatchObject({ code: 'master_key_missing' })
  })

  it.each([0o640, 0o604, 0o660])('is refused when others may use it (mode %o)', async (mode) => {
    await chmod(masterKeyFile, mode)
    await expect(openVault({ masterKeyFile })).rejects.toMatchObject({ code: 'master_key_exposed' })
  })

  it.each([
    ['nothing', ''],
    ['text', 'password\n'],
    ['a short key', 'netcert-master-key:1:AAAA\n'],
    ['a key that is not canonical', `netcert-master-key:1:${'A'.repeat(42)}B\n`],
    ['two keys', `netcert-master-key:1:${'A'.repeat(43)}\n`.repeat(2)],
    ['too much', 'x'.repeat(2_000)],
  ])('is refused when its file holds %s', async (_what, text) => {
    await writeFile(masterKeyFile, text)
    const error: unknown = await openVault({ masterKeyFile }).catch((refused: unknown) => refused)
    expect(error).toMatchObject({ code: 'master_key_malformed' })
    expect(String(error)).not.toContain('AAAA')
  })

  it('is refused when it is a folder', async () => {
    await expect(openVault({ masterKeyFile: folder })).rejects.toMatchObject({
      code: 'master_key_malformed',
    })
  })
})

describe('a sealed value', () => {
  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plain, context) => {
        expect(vault.unseal(vault.seal(plain, context), context)).toEqual(plain)
      }),
    )
  })

  it('is different each time', () => {
    expect(vault.seal(bytes('same'), 'row')).not.toBe(vault.seal(bytes('same'), 'row'))
  })

  it('opens in a vault of the same key', async () => {
    const again = await openVault({ masterKeyFile })
    expect(again.unseal(vault.seal(bytes('kept'), 'row'), 'row')).toEqual(bytes('kept'))
  })

  it('does not open in another place', () => {
    const sealed = vault.seal(bytes('secret'), 'row-1')
    expect(() => vault.unseal(sealed, 'row-2')).toThrow('does not open')
  })

  it('does not open with another key', async () => {
    const other = join(folder, 'other.key')
    await createMasterKey(other)
    const sealed = vault.seal(bytes('secret'), 'row')
    expect(() => vault.deriveKey('x')).not.toThrow()
    const stranger = await openVault({ masterKeyFile: other })
    expect(() => stranger.unseal(sealed, 'row')).toThrow('does not open')
  })

  it('does not open when any single byte of it was changed', () => {
    const sealed = Buffer.from(vault.seal(bytes('secret'), 'row'), 'base64url')
    for (const [at, byte] of sealed.entries()) {
      const changed = Buffer.from(sealed)
      changed[at] = byte ^ 1
      expect(() => vault.unseal(changed.toString('base64url'), 'row')).toThrow(/sealed/)
    }
  })

  it.each(['', 'AQ', 'not base64url!', `${'A'.repeat(60)}=`])('is refused as "%s"', (sealed) => {
    expect(() => vault.unseal(sealed, 'row')).toThrow(
      expect.objectContaining({ code: 'sealed_malformed' }),
    )
  })

  it('says so when it was sealed with a later key version', () => {
    const sealed = Buffer.from(vault.seal(bytes('secret'), 'row'), 'base64url')
    sealed[0] = 2
    expect(() => vault.unseal(sealed.toString('base64url'), 'row')).toThrow(
      expect.objectContaining({ code: 'sealed_version' }),
    )
  })
})

describe('a data key', () => {
  it('opens what it sealed after it was wrapped and opened again', () => {
    const { dataKey, wrapped } = vault.createDataKey('person-1')
    const sealed = dataKey.seal(bytes('a name'), 'family_name')
    const again = vault.openDataKey(wrapped, 'person-1')
    expect(again.unseal(sealed, 'family_name')).toEqual(bytes('a name'))
  })

  it('does not open for another person', () => {
    const { wrapped } = vault.createDataKey('person-1')
    expect(() => vault.openDataKey(wrapped, 'person-2')).toThrow('does not open')
  })

  it('does not open what the data key of another person sealed, nor does the master key', () => {
    const one = vault.createDataKey('person-1')
    const two = vault.createDataKey('person-2')
    const sealed = one.dataKey.seal(bytes('a name'), 'family_name')
    expect(() => two.dataKey.unseal(sealed, 'family_name')).toThrow('does not open')
    expect(() => vault.unseal(sealed, 'family_name')).toThrow('does not open')
  })

  it('is not mistaken for an ordinary sealed value', () => {
    const { wrapped } = vault.createDataKey('person-1')
    expect(() => vault.unseal(wrapped, 'person-1')).toThrow('does not open')
  })
})

describe('a derived key', () => {
  it('is the same for the same words and differs for others', async () => {
    const again = await openVault({ masterKeyFile })
    expect(vault.deriveKey('status-index')).toEqual(again.deriveKey('status-index'))
    expect(vault.deriveKey('status-index')).not.toEqual(vault.deriveKey('citizen-hash'))
    expect(vault.deriveKey('status-index')).toHaveLength(32)
  })
})
