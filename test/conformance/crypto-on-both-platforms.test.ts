import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { algorithmOfJwk, CredentialError, parsePublicJwk } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import * as node from '../../packages/credential/src/crypto/node.js'
import * as web from '../../packages/credential/src/crypto/web.js'

const folder = fileURLToPath(new URL('../../../shared/vectors/jws/', import.meta.url))
const files = ['wycheproof-ecdsa-p256-p1363.json', 'wycheproof-ed25519.json']

type RawVector = {
  readonly id: string
  readonly op: string
  readonly input: {
    readonly alg: string
    readonly jwk: object
    readonly msg_hex: string
    readonly sig_hex: string
  }
  readonly expect: { readonly verdict: 'accept' | 'reject' }
}

async function verdict(crypto: typeof node, { input }: RawVector): Promise<string> {
  try {
    const jwk = parsePublicJwk(input.jwk)
    if (algorithmOfJwk(jwk) !== input.alg) return 'reject'
    const [message, signature] = [input.msg_hex, input.sig_hex].map((hex) => {
      return Uint8Array.from(Buffer.from(hex, 'hex'))
    })
    const key = await crypto.importVerifyingKey(jwk)
    return (await crypto.verifySignature(key, message!, signature!)) ? 'accept' : 'reject'
  } catch (error) {
    if (error instanceof CredentialError) return 'reject'
    throw error
  }
}

/** Whatever a browser accepts, a server accepts, and the other way round: the same vectors on both. */
describe.skipIf(!existsSync(folder))('signatures, RFC 7518 §3.4 and RFC 8032 §5.1.7', () => {
  it.each([
    ['node', node],
    ['web', web as unknown as typeof node],
  ])('are judged right on %s', async (_name, crypto) => {
    const wrong: string[] = []
    for (const file of files.filter((name) => existsSync(folder + name))) {
      const { vectors } = JSON.parse(readFileSync(folder + file, 'utf8')) as {
        vectors: RawVector[]
      }
      for (const vector of vectors) {
        if ((await verdict(crypto, vector)) !== vector.expect.verdict) wrong.push(vector.id)
      }
    }
    expect(wrong).toEqual([])
  })
})
