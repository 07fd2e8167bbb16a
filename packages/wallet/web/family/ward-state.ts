import { GUARDIANSHIP, WARD_CERTIFICATE } from '@netcert/credential'
import type { WardHolding } from '@netcert/wallet/rules'

/** What a guardian can do for a child now. */
export type WardState = 'ward' | 'guardianship' | 'ended'

/** By what is held, and by what the issuer still brings. */
export function wardState({
  certificates,
  brings,
}: Pick<WardHolding, 'brings'> & {
  readonly certificates: readonly Pick<WardHolding['certificates'][number], 'vct'>[]
}): WardState {
  const types = new Set([...brings, ...certificates.map(({ vct }) => vct)])
  if (types.has(WARD_CERTIFICATE)) return 'ward'
  return types.has(GUARDIANSHIP) ? 'guardianship' : 'ended'
}
