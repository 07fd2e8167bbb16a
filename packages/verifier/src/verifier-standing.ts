import { endingSoon } from './accreditation-source.js'
import { openPlatform } from './vp-open.js'

/** What an operator should know of a verifier's accreditations. */
export type VerifierStanding = {
  /** null: no accreditation was installed; facts alone are asked. */
  readonly platformId: string | null
  readonly accreditations: readonly {
    readonly purposeId: string
    readonly expiresAt: Date
    /** Less than five days are left. */
    readonly endsSoon: boolean
  }[]
  /** Codes of what is installed and does not count. */
  readonly refused: readonly string[]
  /** Claims that are kept, counted by purpose. */
  readonly retained: Awaited<
    ReturnType<Awaited<ReturnType<typeof openPlatform>>['retained']['lines']>
  >
}

/**
 * Reads how a verifier stands with its registrar, and what it keeps. Nothing is fetched.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`; AgentError
 */
export async function readVerifierStanding(options: {
  readonly dir: string
  readonly clock: () => Date
}): Promise<VerifierStanding> {
  // What is looked at is never served, so the scheme of the address does not matter.
  const opened = await openPlatform({ ...options, allowHttpLoopback: true })
  try {
    const platform = opened.accreditations.platform()
    const soon = new Set(endingSoon(platform, options.clock()).map(({ purposeId }) => purposeId))
    return {
      platformId: platform?.id ?? null,
      accreditations: (platform?.accreditations ?? []).map(({ purposeId, expiresAt }) => ({
        ...{ purposeId, expiresAt },
        endsSoon: soon.has(purposeId),
      })),
      refused: opened.accreditations.refused(),
      retained: await opened.retained.lines(),
    }
  } finally {
    await opened.close()
  }
}
