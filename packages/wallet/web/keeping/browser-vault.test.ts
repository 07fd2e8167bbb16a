import { describe, expect, it } from 'vitest'
import { browserVault } from './browser-vault.js'

const plain = new TextEncoder().encode('what is sealed')
const opened = () => browserVault(new Uint8Array(32).fill(7))

describe('the vault of a browser', () => {
  it('opens what it sealed, for its own place and under its own key alone', () => {
    const vault = opened()
    const sealed = vault.seal(plain, 'copies|1')
    expect(opened().unseal(sealed, 'copies|1')).toEqual(plain)
    expect(() => vault.unseal(sealed, 'copies|2')).toThrow(/tag/)
    const other = browserVault(new Uint8Array(32).fill(8))
    expect(() => other.unseal(sealed, 'copies|1')).toThrow(/tag/)
  })

  it('does nothing any more once it is closed: nothing is sealed under keys that were overwritten', () => {
    const vault = opened()
    const sealed = vault.seal(plain, 'copies|1')
    vault.close()
    expect(() => vault.seal(plain, 'copies|1')).toThrow('closed')
    expect(() => vault.unseal(sealed, 'copies|1')).toThrow('closed')
    expect(() => vault.deriveKey('card')).toThrow('closed')
    expect(opened().unseal(sealed, 'copies|1')).toEqual(plain)
  })
})
