import { freshnessPolicies, type Trust } from '@netcert/credential'
import { parseQuery, type Query } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { createVerifier, memorySessions, type VerifierOptions } from '@netcert/verifier'
import {
  createHolder,
  createTrustDomain,
  type Holder,
  presentTo,
  type TrustDomain,
  testNow,
} from './trust-domain.js'

export const audience = 'decentralized_identifier:did:web:shop.example'
export const over18 = parseQuery(queries['age-over-18'])

type Shown = Partial<Parameters<typeof presentTo>[0]>

/** A verifier, somebody with a certificate, and the way between them. */
export type VerifierGround = {
  readonly domain: TrustDomain
  readonly trust: Trust
  readonly holder: Holder
  readonly credential: string
  /** A verifier at `testNow`; options replace what is usual. */
  verifierWith(options?: Partial<VerifierOptions>): ReturnType<typeof createVerifier>
  /** Asks, presents and judges; `shown` replaces what the holder would do. */
  answer(
    verifier: ReturnType<typeof createVerifier>,
    shown?: Shown & { query?: Query },
  ): ReturnType<ReturnType<typeof createVerifier>['verify']>
}

export async function createVerifierGround(): Promise<VerifierGround> {
  const domain = await createTrustDomain()
  const trust = await domain.trust()
  const holder = await createHolder()
  const credential = await domain.mint({ jwk: holder.jwk })
  const clock = () => testNow
  return {
    domain,
    trust,
    holder,
    credential,
    verifierWith: (options = {}) =>
      createVerifier({
        trust: () => trust,
        audience,
        clock,
        freshness: freshnessPolicies['grace-24h'],
        sessions: memorySessions({ clock }),
        platform: () => null,
        ...options,
      }),
    async answer(verifier, { query = over18, ...shown } = {}) {
      const { id: session, nonce } = await verifier.createSession({ query })
      const presentation = await presentTo({ credential, holder, audience, nonce, ...shown })
      return verifier.verify({ session, presentation })
    },
  }
}
