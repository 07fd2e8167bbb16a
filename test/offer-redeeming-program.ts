import { openIssuerGround } from '../packages/issuer/src/open.js'
import { openedOffers } from '../packages/issuer/src/opened-offers.js'

/**
 * A process that redeems codes, each several times at once: `program <dir> <txCode|-> <code…>`. It
 * prints the code for each redemption that it won, and `! <refusal>` for the others.
 */
const [dir = '', txCode = '-', ...codes] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T04:00:00Z')
const { ground, issuer, close } = await openIssuerGround({ dir, clock })
const offers = openedOffers({ ground, issuer })
const AT_ONCE = 8
await Promise.all(
  codes.flatMap((code, place) =>
    Array.from({ length: AT_ONCE }, async (_, attempt) => {
      const address = `10.${place}.${attempt}.1`
      try {
        const given = txCode === '-' ? undefined : txCode
        await offers.redeemPreAuthorizedCode({ code, txCode: given, address })
        process.stdout.write(`${code}\n`)
      } catch (error) {
        const refusal = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
        process.stdout.write(`! ${refusal}\n`)
      }
    }),
  ),
)
await close()
