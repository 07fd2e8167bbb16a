import { generateSigner, NETWORK_CERTIFICATE } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { createEncryptionKey, publicEncryptionJwk, type EncryptionJwk } from '@netcert/protocol'
import {
  decodeBase45,
  encodeBase45,
  packEncryptedAnswer,
  unpackAnswer,
} from '@netcert/protocol/gate'
import { marks } from '../../packages/protocol/src/gate/code-marks.js'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  answerWith,
  craftedCode,
  type LoosePass,
  loosePasses,
  readChallenge,
  retagged,
} from '../gate-attacker.js'
import { gateGround } from '../gate-ground.js'
import { createEvent, laneSettings, openLane, type TestLane } from '../gate-lanes.js'

const ground = gateGround()
let pool: LoosePass[] = []
let lane: TestLane
beforeAll(async () => {
  pool = [...(await loosePasses(ground, 8))]
  lane = await openLane(ground, laneSettings(ground, createEvent(ground.venue)))
})

/** What a lane says of a text, once the camera has looked away from the one before. */
async function judged(text: string) {
  lane.clock.later(4)
  return lane.gate.judge(text)
}

const entries = async () => (await lane.ledger.entries()).length

const base64url = (text: string) => Buffer.from(text).toString('base64url')
const textOf = (part: string) => Buffer.from(part, 'base64url').toString()

/** A JWT whose signature is another one. */
function resigned(jwt: string): string {
  const at = jwt.lastIndexOf('.') + 1
  return `${jwt.slice(0, at)}${jwt[at] === 'A' ? 'B' : 'A'}${jwt.slice(at + 1)}`
}

/** A JWT whose payload says something else. */
function said(jwt: string, from: RegExp, to: string): string {
  const [header, payload = '', signature] = jwt.split('.')
  return [header, base64url(textOf(payload).replace(from, to)), signature].join('.')
}

type Parts = { readonly jwt: string; readonly shown: readonly string[]; readonly binding: string }

const changes: readonly [string, (parts: Parts) => Partial<Parts>][] = [
  ['another signature of the issuer', ({ jwt }) => ({ jwt: resigned(jwt) })],
  ['a later end', ({ jwt }) => ({ jwt: said(jwt, /"exp":1/, '"exp":2') })],
  [
    'another issuer',
    ({ jwt }) => ({ jwt: said(jwt, /"iss":"[^"]+"/, `"iss":"${ground.venue.signer.did}"`) }),
  ],
  [
    'another value disclosed',
    ({ shown }) => ({ shown: shown.map((one) => base64url(textOf(one).replace('true', '"1"'))) }),
  ],
  ['a disclosure less', ({ shown }) => ({ shown: shown.slice(1) })],
  ['a disclosure twice', ({ shown }) => ({ shown: [...shown, ...shown] })],
  [
    'a disclosure of its own',
    ({ shown }) => ({ shown: [...shown, base64url('["c2FsdA","vip",true]')] }),
  ],
  ['another signature of the holder', ({ binding }) => ({ binding: resigned(binding) })],
  ['another time', ({ binding }) => ({ binding: said(binding, /"iat":1/, '"iat":2') })],
  [
    'another sd_hash',
    ({ binding }) => ({ binding: said(binding, /"sd_hash":"[^"]{4}/, '"sd_hash":"____') }),
  ],
]

describe('an answer whose text was changed', () => {
  it.each(changes)('to have %s lets nobody in', async (_name, change) => {
    const answer = await answerWith(pool[0]!, await lane.challenge(), {
      change(text) {
        const [jwt = '', ...shown] = text.split('~')
        const parts = { jwt, binding: shown.pop() ?? '', shown }
        const changed = { ...parts, ...change(parts) }
        const other = [changed.jwt, ...changed.shown, changed.binding].join('~')
        expect(other).not.toBe(text)
        return other
      },
    })
    expect(await judged(answer)).toMatchObject({ colour: 'red', entry: null })
  })

  it('in any octet of the code, with its tag made anew or not, lets nobody in', async () => {
    const challenge = await lane.challenge()
    const { nonce, client_id: audience = '' } = readChallenge(challenge)
    const gate = { audience, nonces: [nonce], decryptionKeys: [] }
    const answer = await answerWith(pool[0]!, challenge)
    const { presentation } = await unpackAnswer(answer, gate)
    const octets = decodeBase45(answer.slice('NC1:'.length))
    for (let at = 0; at < octets.length; at += 7) {
      const changed = octets.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      const anew = `NC1:${encodeBase45(retagged(changed, { audience, nonce }))}`
      const [read, verdict] = [
        await unpackAnswer(anew, gate).catch(() => null),
        await lane.gate.judge(`NC1:${encodeBase45(changed)}`),
      ]
      expect(verdict).toMatchObject({ colour: 'red', entry: null })
      // DEFLATE has several spellings of one text: that is the same answer, and no forgery.
      if (read?.presentation === presentation) continue
      expect(await lane.gate.judge(anew)).toMatchObject({ colour: 'red', entry: null })
    }
    expect(await entries()).toBe(0)
  })
})

describe('hostile codes', () => {
  it.each([
    ['an address', 'https://evil.example/NC1:'],
    ['an address of our own scheme', 'openid4vp://?request_uri=http://127.0.0.1:1/'],
    ['escapes of a terminal', 'NC1:\u001b[2J\u001b]0;owned\u0007\u001b[31mGREEN'],
    ['right-to-left marks', '\u202eNC1:ABC'],
    ['JSON', `${'{"a":'.repeat(700)}1${'}'.repeat(700)}`],
    ['a JWT', `${'eyJhbGciOiJub25lIn0'.repeat(50)}..`],
    ['a presentation as it is', 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA~~eyJhbGciOiJFUzI1NiJ9.e30.AAAA'],
    ['nothing', ''],
    ['the beginning alone', 'NC1:'],
    ['one symbol', 'NC1:A'],
    ['a version that is not there yet', 'NC1:%6900000000000000000000'],
    ['4,296 characters', `NC1:${'A'.repeat(4292)}`],
    ['4,296 characters of another script', '国'.repeat(4296)],
    ['8 MiB from a scanner', `NC1:${'0'.repeat(8 * 1024 * 1024)}`],
    ['zeros', `NC1:${'0'.repeat(3000)}`],
    ['a format character in between', 'NC1:AB\u0000CD'],
  ])('that hold %s are red, and no part of them is shown', async (_name, text) => {
    const verdict = await judged(text)
    expect(verdict).toMatchObject({ colour: 'red', entry: null, facts: {} })
    expect(verdict.code).toMatch(/^(code_|nonce_unknown)/)
    const shown = JSON.stringify(verdict)
    expect(shown).not.toContain('evil')
    expect(shown).not.toContain('owned')
  })

  it('that are the gate’s own challenge are told as such', async () => {
    expect(await judged(await lane.challenge())).toMatchObject({ code: 'code_challenge' })
  })

  it('of a hundred characters do not unpack to what keeps a gate busy', async () => {
    const { nonce, client_id: audience = '' } = readChallenge(await lane.challenge())
    const { x = '', y = '' } = (await generateSigner('ES256')).jwk as { x?: string; y?: string }
    const odd = (Buffer.from(y, 'base64url')[31] ?? 0) & 1
    const point = Uint8Array.of(2 + odd, ...Buffer.from(x, 'base64url'))
    const told = { audience, nonce }
    const { digestOf, p256Members, sameMembers, p256Did, sameDid } = marks
    // What the gate knows has its place in every code, or none of them would get past that.
    const end = `${marks.audience}${marks.nonce}`
    const codes = [
      craftedCode(`${'x'.repeat(8_000)}~${end}${marks.sdHash.repeat(8_000)}`, told),
      craftedCode(`${`${digestOf}0`.repeat(700)}~${'x'.repeat(9_000)}~${end}`, told, {
        disclosures: 1,
      }),
      craftedCode(`${p256Members}${`${sameMembers}0`.repeat(450)}~${end}`, told, { octets: point }),
      craftedCode(`${p256Did}${`${sameDid}0`.repeat(900)}~${end}`, told, { octets: point }),
      craftedCode(marks.open.repeat(16_000), told),
      craftedCode('~'.repeat(16_000), told, { disclosures: 255 }),
      craftedCode('a'.repeat(100_000), told),
    ]
    // They are what they seem: the gate gets past their tags.
    const gate = { audience, nonces: [nonce], decryptionKeys: [] }
    const honest = await unpackAnswer(craftedCode(`a~${end}`, told), gate)
    expect(honest.presentation).toBe(`a~${audience}${nonce}`)
    for (const code of codes) {
      const begin = performance.now()
      expect(await judged(code)).toMatchObject({ colour: 'red', entry: null })
      // A guard against hanging, not a measure: a busy machine takes its time.
      expect(performance.now() - begin).toBeLessThan(10_000)
    }
  })
})

describe('a gate that asks a name', () => {
  const paths = [['family_name'], ['given_name'], ['real_person']]

  async function nameLane() {
    const name = await openLane(
      ground,
      laneSettings(ground, createEvent(ground.venue), { kind: 'name' }),
    )
    const challenge = await name.challenge()
    const { client_metadata: metadata } = readChallenge(challenge)
    return { name, challenge, key: metadata?.jwks?.keys[0] as EncryptionJwk }
  }

  const guest = async () => (await loosePasses(ground, 1, NETWORK_CERTIFICATE))[0]!

  async function sealed(pass: LoosePass, challenge: string, recipient: EncryptionJwk) {
    const { client_id: audience = '', nonce } = readChallenge(challenge)
    const { credential, signer } = pass
    const issuedAt = new Date()
    const presentation = await createPresentation({
      credential,
      signer,
      audience,
      nonce,
      paths,
      issuedAt,
    })
    const encryption = { recipient, enc: 'A128GCM' }
    return packEncryptedAnswer({ presentation, known: { audience, nonce }, encryption })
  }

  it('reads it, and keeps nothing of it', async () => {
    const { name, challenge, key } = await nameLane()
    const pass = await guest()
    const verdict = await name.gate.judge(await sealed(pass, challenge, key))
    expect(verdict).toMatchObject({
      colour: 'green',
      identity: { family_name: expect.any(String) },
    })
    const kept = JSON.stringify(await name.ledger.entries())
    expect(kept).not.toContain(JSON.stringify(verdict.identity?.['family_name']))
  })

  it('takes none in clear, and none that is encrypted to another gate', async () => {
    const [here, there] = [await nameLane(), await nameLane()]
    const pass = await guest()
    const open = await here.name.gate.judge(await answerWith(pass, here.challenge, { paths }))
    expect(open).toMatchObject({ colour: 'red', code: 'answer_not_encrypted', entry: null })
    expect(open.identity).toBeUndefined()
    const stranger = publicEncryptionJwk(await createEncryptionKey('1'))
    for (const key of [there.key, stranger]) {
      const verdict = await here.name.gate.judge(await sealed(pass, here.challenge, key))
      expect(verdict).toMatchObject({ colour: 'red', code: 'answer_unopened', entry: null })
    }
  })
})
