import {
  ANSWER_PREFIX,
  packAnswer,
  packChallenge,
  packEncryptedAnswer,
} from '@netcert/protocol/gate'
import { createEncryptionKey, publicEncryptionJwk } from '@netcert/protocol'
import { create, type QRCode } from 'qrcode'
import { beforeAll, describe, expect, it } from 'vitest'
import { createGateCodeGround, type GateCodeGround } from '../gate-code-ground.js'

let ground: GateCodeGround
beforeAll(async () => {
  ground = await createGateCodeGround()
})

/** The QR code of a text at error correction level L. */
function codeOf(text: string): { readonly version: number; readonly mode: string | undefined } {
  const { version, segments }: QRCode = create(text, { errorCorrectionLevel: 'L' })
  const [segment] = segments
  return { version, mode: segments.length === 1 ? segment?.mode.id : undefined }
}

const octetsOf = (text: string, prefix = ANSWER_PREFIX) =>
  Math.floor(((text.length - prefix.length) * 2) / 3)

/** docs/formats/nc1.md, "Sizes": the most that each may take. */
describe('a code of a gate', () => {
  it.each([
    [['age_over_18', 'real_person'], 324, 12],
    [['age_over_18'], 339, 12],
    [['real_person'], 339, 12],
  ])('of a gate pass with %j: %i octets, version %i-L', async (paths, octets, version) => {
    const text = packAnswer(await ground.pass({ paths }))
    expect(octetsOf(text)).toBeLessThanOrEqual(octets)
    expect(codeOf(text)).toEqual({ version, mode: 'Alphanumeric' })
  })

  it('of a gate pass on paper: version 12-L', async () => {
    const known = { audience: ground.audience, nonce: null }
    const nonce = `paper.${ground.nonce}`
    const paths = ['age_over_18', 'real_person']
    const text = packAnswer(await ground.pass({ paths, nonce, known }))
    expect(codeOf(text)).toEqual({ version: 12, mode: 'Alphanumeric' })
  })

  it('of a network certificate with two claims: 710 octets, version 19-L', async () => {
    const shown = await ground.certificate({}, [['age_band'], ['residence_region']])
    const text = packAnswer(shown)
    expect(octetsOf(text)).toBeLessThanOrEqual(712)
    expect(codeOf(text)).toEqual({ version: 19, mode: 'Alphanumeric' })
  })

  it('of a network certificate with a name, encrypted: version 20-L', async () => {
    const shown = await ground.certificate({}, [['age_band'], ['family_name']])
    const key = await createEncryptionKey('gate')
    const encryption = { recipient: publicEncryptionJwk(key), enc: 'A128GCM' }
    const text = await packEncryptedAnswer({ ...shown, encryption })
    expect(codeOf(text)).toEqual({ version: 20, mode: 'Alphanumeric' })
  })

  it('of every certificate: version 21-L', async () => {
    for (const { title, presentation, known } of await ground.presentations()) {
      // A certified issuer brings its certificate, and nothing left out is no code of a gate.
      if (title === 'issuer by certificate') continue
      const { version, mode } = codeOf(packAnswer({ presentation, known }))
      expect(version, title).toBeLessThanOrEqual(21)
      expect(mode, title).toBe('Alphanumeric')
    }
  })

  it.each([
    ['venue-entry', 13],
    ['ticketing', 14],
  ] as const)(
    'of a challenge for %s with its accreditation: version %i-L',
    async (sector, most) => {
      const text = packChallenge(await ground.challenge(sector))
      const { version, mode } = codeOf(text)
      expect(version).toBeLessThanOrEqual(most)
      expect(mode).toBe('Alphanumeric')
    },
  )

  it('is far from what the text itself would take', async () => {
    const { presentation, known } = await ground.pass()
    expect(codeOf(presentation).version).toBeGreaterThanOrEqual(24)
    expect(codeOf(packAnswer({ presentation, known })).version).toBeLessThanOrEqual(12)
  })
})
