import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { certificateTypes } from '@netcert/credential'
import {
  packAnswer,
  packChallenge,
  unpackAnswer,
  unpackChallenge,
  type UnpackedAnswer,
} from '@netcert/protocol/gate'
import { describe, expect, it } from 'vitest'
import { DICTIONARY } from '../../packages/protocol/src/gate/code-dictionary.js'
import type { GateDecryptionKey } from '../../packages/protocol/src/gate/encrypted-code.js'
import { createGateCodeGround } from '../gate-code-ground.js'

/** docs/formats/nc1.md: vectors, and a second decoder that shares no code with ours. */
const folder = new URL('../../docs/formats/vectors/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const script = fileURLToPath(new URL('nc1.js', folder))

type Shown = {
  readonly title: string
  readonly code: string
  readonly audience: string
  readonly nonces: readonly string[]
  readonly keys: readonly GateDecryptionKey[]
}
type Vectors = {
  readonly answers: readonly (Shown & UnpackedAnswer)[]
  readonly challenges: readonly { title: string; code: string; request_object: string }[]
  readonly refused_answers: readonly (Shown & { refused: string })[]
  readonly refused_challenges: readonly { title: string; code: string; refused: string }[]
}
const vectors = JSON.parse(read('nc1.json')) as Vectors

/** What the second decoder makes of the codes of a file of vectors. */
function secondDecoder(input?: object): Readonly<Record<keyof Vectors, readonly object[]>> {
  const options = { encoding: 'utf8', input: JSON.stringify(input), maxBuffer: 2 ** 26 } as const
  const args = input === undefined ? [script] : [script, '-']
  return JSON.parse(execFileSync(process.execPath, args, options))
}

const unpack = ({ code, audience, nonces, keys }: Shown) =>
  unpackAnswer(code, { audience, nonces, decryptionKeys: keys })

const foundIn = ({ presentation, nonce, nonceCarried, encrypted }: UnpackedAnswer) => {
  return { presentation, nonce, nonceCarried, encrypted }
}

describe('the dictionary of NC1', () => {
  const published = JSON.parse(read('nc1-dictionary.json')) as {
    readonly bytes: number
    readonly sha256: string
    readonly pieces: readonly string[]
  }

  it('is published as it is used', () => {
    expect(published.pieces.join('')).toBe(DICTIONARY)
    const bytes = Buffer.from(DICTIONARY)
    expect(published.bytes).toBe(bytes.length)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(published.sha256)
  })

  it('never changes in this version', () => {
    expect(published.sha256).toBe(
      '112aeb622025d6fcd46fa414ed43d3d6c04fe6a8c471d026b0e3716148fa22f5',
    )
  })

  // Type metadata that changes is carried as 32 octets more; the dictionary stays what it is.
  it('holds the digests of the type metadata of today', () => {
    for (const { integrity } of certificateTypes.values()) expect(DICTIONARY).toContain(integrity)
  })
})

describe('the second decoder of NC1', () => {
  it('takes everything from Node and nothing from anybody else', () => {
    for (const name of ['nc1.js', 'nc1-text.js']) {
      const modules = read(name).match(/(?<=from ')[^']+(?=')/g) ?? []
      expect(modules.length, name).toBeGreaterThan(0)
      for (const module of modules) expect(module).toMatch(/^node:|^\.\/nc1-text\.js$/)
      expect(read(name)).not.toMatch(/\brequire\(|\bimport\(/)
    }
  })

  it('finds in each vector what stands there', () => {
    const found = secondDecoder()
    expect(found.answers).toEqual(vectors.answers.map(foundIn))
    expect(found.challenges).toEqual(
      vectors.challenges.map(({ request_object }) => ({ request_object })),
    )
    const refusals = (all: readonly { refused: string }[]) =>
      all.map(({ refused }) => ({ refused }))
    expect(found.refused_answers).toEqual(refusals(vectors.refused_answers))
    expect(found.refused_challenges).toEqual(refusals(vectors.refused_challenges))
  })

  it('unpacks what is packed today', async () => {
    const ground = await createGateCodeGround()
    const shown = await ground.presentations()
    const { audience, nonce } = ground
    const answers = shown.map(({ presentation, known }) => {
      return { code: packAnswer({ presentation, known }), audience, nonces: [nonce], keys: [] }
    })
    const request_object = await ground.challenge('venue-entry')
    const challenges = [{ code: packChallenge(request_object) }]
    const none = { refused_answers: [], refused_challenges: [] }
    const found = secondDecoder({ answers, challenges, ...none })
    expect(found.challenges).toEqual([{ request_object }])
    for (const [at, { title, presentation }] of shown.entries()) {
      expect(found.answers[at], title).toMatchObject({ presentation })
    }
  })
})

describe('docs/formats/nc1.md', () => {
  it.each(vectors.answers)('$title', async (vector) => {
    expect(await unpack(vector)).toEqual(foundIn(vector))
    const { presentation, audience, nonce, nonceCarried } = vector
    const known = { audience, nonce: nonceCarried ? null : nonce }
    const again = packAnswer({ presentation, known })
    expect((await unpack({ ...vector, code: again })).presentation).toBe(presentation)
  })

  it.each(vectors.challenges)('a challenge: $title', ({ code, request_object }) => {
    expect(unpackChallenge(code)).toBe(request_object)
    expect(unpackChallenge(packChallenge(request_object))).toBe(request_object)
  })

  it.each(vectors.refused_answers)('refuses: $title', async (vector) => {
    await expect(unpack(vector)).rejects.toMatchObject({ code: vector.refused })
  })

  it.each(vectors.refused_challenges)('refuses a challenge: $title', ({ code, refused }) => {
    expect(() => unpackChallenge(code)).toThrow(expect.objectContaining({ code: refused }))
  })
})
