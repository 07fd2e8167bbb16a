import { describe, expect, it } from 'vitest'
import { deflateRawSync } from 'node:zlib'
import { type ForgedCode, forgeCode } from '../../../../test/gate-code-forging.js'
import { unpackAnswer } from './answer.js'
import { unpackChallenge } from './challenge.js'
import { deflateText } from './code-deflate.js'
import { codeLimits } from './code-marks.js'

const gate = { audience: 'x509_hash:gate', nonces: ['the-nonce'], decryptionKeys: [] }
/** Nothing of these needs a real signature: they are never verified. */
const binding = Buffer.from('{"nonce":"n"}').toString('base64url')

const unpacked = async (forged: ForgedCode) =>
  (await unpackAnswer(forgeCode(forged), gate)).presentation
const expectRefusal = (forged: ForgedCode, code = 'gate_code') =>
  expect(unpacked(forged)).rejects.toMatchObject({ code })

describe('a code that somebody put together by hand', () => {
  it('is unpacked when it is one', async () => {
    expect(await unpacked({ text: `a~h.${binding}.s` })).toBe(`a~h.${binding}.s`)
    const text = 'a~\u000e["x"]\u000f~h.\u000e{"nonce":"\u0014","d":"\u0010"}\u000f.s'
    const { nonces } = gate
    const whole = await unpacked({ text, flags: 2, disclosures: 1, nonce: nonces[0] ?? '' })
    expect(whole.split('~')[1]).toBe(Buffer.from('["x"]').toString('base64url'))
  })

  it('becomes no text that is longer than any presentation', async () => {
    const key = { octets: Uint8Array.of(2, ...Buffer.alloc(32, 7)) }
    const text = `\u0003${'\u00050'.repeat(8000)}~h.${binding}.s`
    await expectRefusal({ text, ...key })
    const digests = `${'\u00110'.repeat(8000)}~a~h.${binding}.s`
    await expectRefusal({ text: digests, disclosures: 1 })
  })

  it('inflates to 16 KiB and not to one byte more', async () => {
    const end = `~h.${binding}.s`
    const full = 'a'.repeat(codeLimits.maxTextBytes - end.length) + end
    expect(await unpacked({ text: full })).toBe(full)
    await expectRefusal({ text: `a${full}` })
    await expectRefusal({ text: '', deflated: deflateRawSync(Buffer.alloc(50_000_000)) })
  })

  it('has nothing behind its text, its octets, or the end of its compression', async () => {
    const text = `a~h.${binding}.s`
    await expectRefusal({ text, octets: Uint8Array.of(0) })
    await expectRefusal({ text, deflated: Buffer.concat([deflateText(text), Buffer.of(0)]) })
    await expectRefusal({ text, deflated: Buffer.concat([deflateText(text), deflateText('b')]) })
  })

  it.each<[string, Omit<ForgedCode, 'text'> & { text?: string }]>([
    ['is of another version', { version: 2 }],
    ['is a challenge', { flags: 8 }],
    ['is encrypted and something else', { flags: 6 }],
    ['says it has a disclosure', { disclosures: 1 }],
    ['has no key binding', { text: 'a' }],
    ['has a key binding without a nonce', { text: 'a~h.e30.s' }],
    ['has a key binding that is no JSON', { text: 'a~h.nothing.s' }],
    ['says its text is longer than it is', { textOctets: 2_000_000 }],
    ['has a text that does not inflate', { deflated: Uint8Array.of(6, 7, 8) }],
    ['has no text', { deflated: new Uint8Array() }],
    ['has a text that is not UTF-8', { deflated: deflateRawSync(Buffer.of(0xc3, 0x28)) }],
    ['has an unknown mark', { text: `\u001f~h.${binding}.s` }],
    ['has a zero', { text: `\u0000~h.${binding}.s` }],
    ['takes an audience that was not left out', { text: `\u0013~h.${binding}.s` }],
    ['leaves out an audience that has no place', { flags: 1, audience: gate.audience }],
    [
      'takes an audience twice',
      { text: `\u0013\u0013~h.${binding}.s`, flags: 1, audience: gate.audience },
    ],
    ['takes a nonce that was not left out', { text: `\u0014~h.${binding}.s` }],
    ['takes octets that are not there', { text: `\u0008~h.${binding}.s` }],
    ['takes a key that is not there', { text: `\u0003~h.${binding}.s` }],
    ['takes a signature that is not there', { text: `\u000c~h.${binding}.s` }],
    ['names a key that did not come', { text: `\u00050~h.${binding}.s` }],
    ['names a key by something else', { text: `\u0005\u0005~h.${binding}.s` }],
    ['ends where an index should stand', { text: `h.${binding}.s~\u0005` }],
    ['names the key before there is one', { text: `\u0007~h.${binding}.s` }],
    ['closes what is not open', { text: `\u000f~h.${binding}.s` }],
    ['does not close what is open', { text: `a~h.${binding}.s\u000e` }],
    ['nests too deep', { text: `${'\u000e'.repeat(5)}${'\u000f'.repeat(5)}~h.${binding}.s` }],
    ['has the digest of nothing', { text: `\u0010~h.${binding}.s` }],
    ['has the digest of its key binding', { text: `\u00111~a~h.${binding}.s`, disclosures: 1 }],
    ['has a disclosure with its own digest', { text: `a~\u0010~h.${binding}.s`, disclosures: 1 }],
    [
      'has disclosures with the digests of one another',
      { text: `a~\u00111~\u00110~h.${binding}.s`, disclosures: 2 },
    ],
    ['has its sd_hash in what is hashed', { text: `\u0012~h.${binding}.s` }],
    [
      'has a time in too few digits',
      { text: `\u0019~h.${binding}.s`, octets: Uint8Array.of(0, 0, 0, 9) },
    ],
    [
      'has a time that is hours after none',
      { text: `\u001d~h.${binding}.s`, octets: Uint8Array.of(5) },
    ],
    [
      'has a number that does not end',
      { text: `\u0016~h.${binding}.s`, octets: Uint8Array.of(128, 128, 128, 0) },
    ],
    [
      'has a key off its curve',
      { text: `\u0001~h.${binding}.s`, octets: Uint8Array.of(2, ...Buffer.alloc(32, 255)) },
    ],
    [
      'has a key of no form',
      { text: `\u0001~h.${binding}.s`, octets: Uint8Array.of(4, ...Buffer.alloc(32, 7)) },
    ],
    [
      'has too many keys',
      { text: `${'\u0004'.repeat(17)}~h.${binding}.s`, octets: new Uint8Array(17 * 32) },
    ],
  ])('is refused when it %s', async (_, forged) => {
    await expectRefusal({ text: `a~h.${binding}.s`, ...forged })
  })

  it('is refused when its digests go deeper than any certificate', async () => {
    const chain = Array.from({ length: 30 }, (_, at) => `\u0011${String.fromCharCode(0x31 + at)}`)
    const text = ['\u00110', ...chain, 'end', `h.${binding}.s`].join('~')
    await expectRefusal({ text, disclosures: 31 })
    const shallow = ['\u00110', ...chain.slice(0, 10), 'end', `h.${binding}.s`].join('~')
    expect(await unpacked({ text: shallow, disclosures: 11 })).toContain('~end~')
  })

  it('is no answer with a tag for something else, whatever it says', async () => {
    const text = `a~h.${binding}.s`
    await expectRefusal({ text, nonce: 'the-nonce' })
    await expectRefusal({ text, flags: 1, audience: 'another' }, 'gate_code_audience')
    await expectRefusal({ text, flags: 2, nonce: 'another' }, 'gate_code_nonce')
  })

  it('is no challenge with a disclosure, a second part, or the prefix of an answer', () => {
    const challenge = { prefix: 'NCC1:', flags: 8, text: 'h.p.s' }
    expect(unpackChallenge(forgeCode(challenge))).toBe('h.p.s')
    const changes: Partial<ForgedCode>[] = [
      { prefix: 'NC1:' },
      { flags: 0 },
      { flags: 9 },
      { disclosures: 1 },
      { text: 'h.p.s~d~k' },
      { nonce: 'left out' },
      { text: '\u0014' },
    ]
    for (const change of changes) {
      expect(() => unpackChallenge(forgeCode({ ...challenge, ...change }))).toThrow(
        expect.objectContaining({ code: 'gate_code' }),
      )
    }
  })
})
