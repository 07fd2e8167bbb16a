import { openIssuerGround } from '../packages/issuer/src/open.js'
import { createOfferStore } from '../packages/issuer/src/vci-offer-store.js'
import { createCredentialOffers } from '../packages/issuer/src/vci-offers.js'

/**
 * A process that redeems codes, each several times at once: `program <dir> <txCode|-> <code…>`. It
 * prints the code for each redemption that it won, and `! <refusal>` for the others.
 */
const [dir = '', txCode = '-', ...codes] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T04:00:00Z')
const { ground, issuer, close } = await openIssuerGround({ dir, clock })
const offers = createCredentialOffers({
  store: createOfferStore(ground.database),
  vault: ground.vault,
  baseUrl: ground.config.base_url,
  clock,
  assertCitizen: (citizen) => issuer.assertCitizen(citizen),
})
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
