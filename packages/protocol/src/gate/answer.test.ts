import { generateSigner } from '@netcert/credential'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTrustDomain, presentTo } from '../../../../test/trust-domain.js'
import { createEncryptionKey, publicEncryptionJwk } from '../message-encryption.js'
import { packAnswer, packEncryptedAnswer, unpackAnswer } from './answer.js'

const audience =
  'decentralized_identifier:did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu'
const nonce = 'rq9bkbd1xdm3y0u4i3qZ-A'

let presentation = ''
beforeAll(async () => {
  const domain = await createTrustDomain()
  const holder = await generateSigner('ES256')
  const credential = await domain.mint({
    vct: 'urn:netcert:gate-pass:1',
    jwk: holder.jwk,
    claims: {
      real_person: 'document+face',
      age_over_14: true,
      age_over_18: true,
      age_over_60: false,
    },
  })
  presentation = await presentTo({ credential, holder, audience, nonce, paths: [['age_over_18']] })
})

describe('an answer', () => {
  it('comes back as the very text', async () => {
    const text = packAnswer({ presentation, known: { audience, nonce } })
    const options = { audience, nonces: ['x', nonce], decryptionKeys: [] }
    const unpacked = await unpackAnswer(text, options)
    expect(unpacked).toEqual({ presentation, nonce, nonceCarried: false, encrypted: false })
  })

  it('is opened by the key of the gate', async () => {
    const key = await createEncryptionKey('gate')
    const text = await packEncryptedAnswer({
      presentation,
      known: { audience, nonce: null },
      encryption: { recipient: publicEncryptionJwk(key), enc: 'A128GCM' },
    })
    const options = { audience, nonces: [], decryptionKeys: [key] }
    const unpacked = await unpackAnswer(text, options)
    expect(unpacked).toEqual({ presentation, nonce, nonceCarried: true, encrypted: true })
  })
})
