import { CompactEncrypt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  chooseContentEncryption,
  chooseEncryptionKey,
  createEncryptionKey,
  decryptMessage,
  type EncryptionPrivateJwk,
  encryptMessage,
  isEncryptedMessage,
  publicEncryptionJwk,
} from './message-encryption.js'

describe('an encrypted message', () => {
  let key: EncryptionPrivateJwk
  const payload = { hello: '你好', list: [1, 2] }

  beforeAll(async () => {
    key = await createEncryptionKey('k-1')
  })

  const open = (jwe: string, options: Partial<Parameters<typeof decryptMessage>[1]> = {}) =>
    decryptMessage(jwe, {
      keys: [key],
      maxBytes: 4096,
      maxPlaintextBytes: 4096,
      allowCompression: true,
      ...options,
    })
  const seal = (options: Partial<Parameters<typeof encryptMessage>[0]> = {}) =>
    encryptMessage({ payload, recipient: publicEncryptionJwk(key), enc: 'A128GCM', ...options })
  const headerOf = (jwe: string) => JSON.parse(atob(jwe.split('.')[0]!)) as object

  it.each([
    ['A128GCM', undefined],
    ['A256GCM', undefined],
    ['A128GCM', 'DEF'],
  ])('opens again with %s and zip %s, and names its key', async (enc, zip) => {
    const jwe = await seal({ enc, zip })
    expect(isEncryptedMessage(jwe)).toBe(true)
    expect(headerOf(jwe)).toMatchObject({ alg: 'ECDH-ES', enc, kid: 'k-1' })
    expect(await open(jwe)).toEqual({ payload, kid: 'k-1', enc })
  })

  it('opens with the one key where it names none, and with none of two', async () => {
    const { kid: _kid, ...recipient } = publicEncryptionJwk(key)
    const jwe = await seal({ recipient })
    expect((await open(jwe)).kid).toBe('k-1')
    const keys = [key, await createEncryptionKey('k-2')]
    await expect(open(jwe, { keys })).rejects.toMatchObject({ code: 'encryption_parameters' })
  })

  it('is refused under a key, enc or zip that was not offered', async () => {
    const code = { code: 'encryption_parameters' }
    const stranger = await createEncryptionKey('k-9')
    await expect(
      open(await seal({ recipient: publicEncryptionJwk(stranger) })),
    ).rejects.toMatchObject(code)
    await expect(
      open(await seal({ zip: 'DEF' }), { allowCompression: false }),
    ).rejects.toMatchObject(code)
    const { kty, crv, x, y } = key
    const other = await new CompactEncrypt(new TextEncoder().encode('{}'))
      .setProtectedHeader({ alg: 'ECDH-ES+A128KW', enc: 'A128GCM', kid: 'k-1' })
      .encrypt({ kty, crv, x, y })
    await expect(open(other)).rejects.toMatchObject(code)
    await expect(seal({ enc: 'A192GCM' })).rejects.toMatchObject(code)
    await expect(seal({ zip: 'GZIP' })).rejects.toMatchObject(code)
  })

  it('is refused altered, and when it was meant for another key of that name', async () => {
    const code = { code: 'encrypted_message_malformed' }
    const jwe = await seal()
    const parts = jwe.split('.')
    parts[3] = parts[3]!.replace(/^./, (it) => (it === 'A' ? 'B' : 'A'))
    await expect(open(parts.join('.'))).rejects.toMatchObject(code)
    const namesake = await createEncryptionKey('k-1')
    await expect(open(jwe, { keys: [namesake] })).rejects.toMatchObject(code)
    await expect(open('a.b.c')).rejects.toMatchObject(code)
  })

  it('is bounded before it is opened, and while it inflates', async () => {
    const jwe = await seal()
    await expect(open(jwe, { maxBytes: jwe.length })).resolves.toBeDefined()
    await expect(open(jwe, { maxBytes: jwe.length - 1 })).rejects.toMatchObject({
      code: 'message_too_large',
    })
    // {"a":"…"} is eight characters longer than what is in it.
    const filled = (length: number) => seal({ payload: { a: 'x'.repeat(length) }, zip: 'DEF' })
    const bounds = { maxPlaintextBytes: 1000 }
    await expect(open(await filled(991), bounds)).resolves.toBeDefined()
    await expect(open(await filled(992), bounds)).resolves.toBeDefined()
    await expect(open(await filled(993), bounds)).rejects.toMatchObject({
      code: 'encrypted_message_malformed',
    })
  })

  it('is refused when what is inside is no plain JSON object', async () => {
    const raw = async (text: string) => {
      const { kty, crv, x, y } = key
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', kid: 'k-1' })
        .encrypt({ kty, crv, x, y })
    }
    for (const text of ['[]', '{"a":1,"a":2}', 'x', '']) {
      await expect(open(await raw(text))).rejects.toMatchObject({ code: 'message_malformed' })
    }
  })
})

describe('what messages are encrypted with', () => {
  it('is the first key we can use, and the first size that is offered', async () => {
    const usable = publicEncryptionJwk(await createEncryptionKey('k-1'))
    const foreign = [{ kty: 'AKP', alg: 'ML-KEM-768' }, { kty: 'EC', crv: 'P-521' }, 'x']
    expect(chooseEncryptionKey([...foreign, usable]).kid).toBe('k-1')
    expect(() => chooseEncryptionKey(foreign)).toThrow('P-256')
    expect(chooseContentEncryption(['A256GCM', 'A128CBC-HS256'])).toBe('A256GCM')
    expect(() => chooseContentEncryption(['A128CBC-HS256'])).toThrow('A128GCM')
  })

  it('is never a private key that somebody sends', async () => {
    const whole = await createEncryptionKey('k-1')
    expect(() => chooseEncryptionKey([whole])).toThrow('P-256')
  })
})
