import { expect, test } from 'vitest'
import { createChipGround, verdictOn } from '../../../../test/chip-ground.js'

test.each(['ecdsa-p-256-explicit-sha256', 'rsa-pss-2048-sha256'])(
  'no bit of a security object signed with %s can differ',
  async (algorithm) => {
    const { authority, chip } = await createChipGround(algorithm)
    const trusted = [authority.cscaCertificate]
    for (let at = 0; at < chip.sod.length * 8; at += 1) {
      const sod = Buffer.from(chip.sod)
      sod[at >> 3]! ^= 1 << (at & 7)
      expect(verdictOn({ ...chip, sod }, trusted), `bit ${at}`).toMatch(/^chip_/)
    }
  },
  300_000,
)
