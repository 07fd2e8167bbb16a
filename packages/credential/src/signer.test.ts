import { importVerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { describe, expect, it } from 'vitest'
import { importSigner, type PrivateJwk, resolveDidKey } from './index.js'

// RFC 7515 appendix A.3.1 and RFC 8037 appendix A.1
const ec = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
} as const
const ed = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
} as const

describe('importSigner', () => {
  it.each([ec, ed])('signs what the key named by keyId verifies', async (jwk) => {
    const signer = await importSigner(jwk)
    expect(signer.keyId).toBe(`${signer.did}#${signer.did.slice('did:key:'.length)}`)
    const message = new TextEncoder().encode('message')
    const signature = await signer.sign(message)
    const key = await importVerifyingKey(resolveDidKey(signer.did).jwk)
    expect(await verifySignature(key, message, signature)).toBe(true)
  })

  it.each([
    [
      'the private half of another key',
      { ...ec, d: 'AQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LIj4' },
    ],
    ['a private half that is cut off', { ...ed, d: ed.d.slice(0, 20) }],
    ['no private half', { ...ec, d: '' }],
  ])('refuses %s', async (_name, jwk) => {
    await expect(importSigner(jwk as PrivateJwk)).rejects.toMatchObject({ code: 'invalid_jwk' })
  })

  it('refuses a public half off the curve', async () => {
    await expect(importSigner({ ...ec, y: ec.x } as PrivateJwk)).rejects.toMatchObject({
      code: 'invalid_public_key',
    })
  })
})
