import { beforeAll, describe, expect, it } from 'vitest'
import {
  createGateCodeGround,
  type GateCodeGround,
  type ShownAtGate,
} from '../../../../test/gate-code-ground.js'
import { createEncryptionKey, publicEncryptionJwk } from '../message-encryption.js'
import { packAnswer, packEncryptedAnswer, unpackAnswer } from './answer.js'
import { codeLimits } from './code-marks.js'

let ground: GateCodeGround
let shown: ShownAtGate
const gateKey = await createEncryptionKey('gate')
const otherKey = await createEncryptionKey('other')
beforeAll(async () => {
  ground = await createGateCodeGround()
  shown = await ground.pass()
})

/** Unpacks as the gate of the ground does. */
const unpack = (text: string, changes: Partial<Parameters<typeof unpackAnswer>[1]> = {}) =>
  unpackAnswer(text, {
    audience: ground.audience,
    nonces: ['an-older-nonce', ground.nonce],
    decryptionKeys: [gateKey],
    ...changes,
  })

const encrypted = (enc: string, recipient = publicEncryptionJwk(gateKey)) =>
  packEncryptedAnswer({ ...shown, encryption: { recipient, enc } })

describe('an answer to a gate', () => {
  it('comes back as the very text, whatever certificate it shows', async () => {
    for (const { title, presentation, known } of await ground.presentations()) {
      const text = packAnswer({ presentation, known })
      const found = await unpack(text)
      expect(found.presentation, title).toBe(presentation)
      expect(found.nonceCarried, title).toBe(known.nonce === null)
      expect(found.nonce, title).toBe(
        title === 'gate pass on paper' ? `paper.${ground.nonce}` : ground.nonce,
      )
    }
  })

  it('answers none of the nonces of a gate that has others', async () => {
    const text = packAnswer(shown)
    const refusal = { code: 'gate_code_nonce' }
    await expect(unpack(text, { nonces: [] })).rejects.toMatchObject(refusal)
    await expect(unpack(text, { nonces: ['an-older-nonce'] })).rejects.toMatchObject(refusal)
    await expect(unpack(text, { audience: 'x509_hash:other' })).rejects.toMatchObject(refusal)
  })

  it('is told apart when it was printed for another gate', async () => {
    const paper = await ground.pass({
      nonce: `paper.${ground.nonce}`,
      known: { audience: ground.audience, nonce: null },
    })
    const text = packAnswer(paper)
    expect((await unpack(text)).nonceCarried).toBe(true)
    await expect(unpack(text, { audience: 'x509_hash:other' })).rejects.toMatchObject({
      code: 'gate_code_audience',
    })
  })

  it('looks at sixteen nonces at most', async () => {
    const others = Array.from({ length: codeLimits.maxTried }, (_, at) => `nonce-${at}`)
    const text = packAnswer(shown)
    await expect(unpack(text, { nonces: [...others, ground.nonce] })).rejects.toMatchObject({
      code: 'gate_code_nonce',
    })
  })

  it.each([
    ['another gate', { audience: 'x509_hash:other', nonce: null }],
    ['another challenge', { audience: null, nonce: 'another-nonce' }],
  ])('is not packed for %s', (_, known) => {
    expect(() => packAnswer({ ...shown, known })).toThrow(
      expect.objectContaining({ code: 'gate_code' }),
    )
  })

  it.each([
    '',
    'NC1:',
    'NCC1:00',
    'no code',
    'nc1:00',
    'NC1:00',
    'NC1:000',
    `NC1:${'0'.repeat(4293)}`,
  ])('is not "%s"', async (text) => {
    await expect(unpack(text)).rejects.toMatchObject({ code: 'gate_code' })
  })

  it('is not packed when it would not fit a QR code', async () => {
    const paths = [['portrait']]
    const portrait = `data:image/jpeg;base64,${Buffer.alloc(3000, 'portrait').toString('base64')}`
    const large = await ground.certificate({ portrait }, paths)
    expect(() => packAnswer(large)).toThrow(expect.objectContaining({ code: 'gate_code' }))
  })
})

describe('an encrypted answer', () => {
  it.each(['A128GCM', 'A256GCM'])('is opened by the gate: %s', async (enc) => {
    const text = await encrypted(enc)
    const { presentation } = shown
    const found = { presentation, nonce: ground.nonce, nonceCarried: false, encrypted: true }
    expect(await unpack(text, { decryptionKeys: [otherKey, gateKey] })).toEqual(found)
  })

  it('is opened by a key that never leaves the browser', async () => {
    const { kty, crv, x, y, d } = gateKey
    const algorithm = { name: 'ECDH', namedCurve: 'P-256' }
    const jwk = { kty, crv, x, y, d }
    const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['deriveBits'])
    const found = await unpack(await encrypted('A128GCM'), { decryptionKeys: [key] })
    expect(found.presentation).toBe(shown.presentation)
  })

  it('says nothing of what it shows, and never the same twice', async () => {
    const [first, second] = [await encrypted('A128GCM'), await encrypted('A128GCM')]
    expect(first).not.toBe(second)
    expect(first).not.toContain(packAnswer(shown).slice(-40))
  })

  it('is not opened by another key, nor by none', async () => {
    const text = await encrypted('A128GCM')
    for (const decryptionKeys of [[], [otherKey]]) {
      await expect(unpack(text, { decryptionKeys })).rejects.toMatchObject({
        code: 'gate_code_encrypted',
      })
    }
  })

  it('is as late as any other', async () => {
    await expect(unpack(await encrypted('A128GCM'), { nonces: [] })).rejects.toMatchObject({
      code: 'gate_code_nonce',
    })
  })

  it('is encrypted to a P-256 key by an algorithm of ours, or not at all', async () => {
    const point = { ...publicEncryptionJwk(gateKey), y: publicEncryptionJwk(otherKey).y }
    const refusal = { code: 'encryption_parameters' }
    await expect(encrypted('A128GCM', point)).rejects.toMatchObject(refusal)
    await expect(encrypted('A128CBC-HS256')).rejects.toMatchObject(refusal)
  })
})
