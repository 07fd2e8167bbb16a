import { type Platform, type PublicJwk, sameKey, type Trust } from '@netcert/credential'
import {
  type Accreditation,
  type AccreditationStatusLists,
  ProtocolError,
  verifyAccreditation,
} from '@netcert/protocol'
import {
  readInstalled,
  readPlatformId,
  readRegistered,
  writeAccreditation,
} from './accreditation-files.js'
import type { AccreditedPlatform } from './accredited-platform.js'
import { VerifierError } from './errors.js'
import { readStatusLists, withNewer } from './registrar-lists.js'
import type { VerifierFolder } from './verifier-folder.js'

/** From so long before its end on an accreditation is warned about; renewals come earlier. */
export const ENDS_SOON_SECONDS = 5 * 86_400

/** The accreditations of a verifier, kept up to date beside whatever is asked. */
export type AccreditationSource = {
  readonly platform: () => AccreditedPlatform | null
  /** What does not count, and why: codes only. */
  readonly refused: () => readonly string[]
  /**
   * Reads the folder and the public register again; a renewed accreditation is installed.
   *
   * @param packs - What offline packs say of accreditations.
   */
  readonly refresh: (trust: Trust, packs?: AccreditationStatusLists) => Promise<void>
}

/** Options of {@link openAccreditations}. */
export type OpenAccreditationsOptions = {
  readonly folder: VerifierFolder
  /** A published folder: `registrar/status/*.jwt` and `register/platforms/*.json`. */
  readonly listsDir: string
  /** The key that signs this verifier's requests: accreditations of another one are not ours. */
  readonly requestJwk: PublicJwk
  readonly clock: () => Date
}

/**
 * Opens the accreditations in a verifier's folder; none count until they are read under a trust.
 *
 * @throws VerifierError `config_invalid` from `refresh`
 */
export function openAccreditations(options: OpenAccreditationsOptions): AccreditationSource {
  const { folder, listsDir, requestJwk, clock } = options
  let held: AccreditedPlatform | null = null
  let refused: readonly string[] = []
  let statusLists: AccreditationStatusLists = new Map()
  return {
    platform: () => held,
    refused: () => refused,
    async refresh(trust, packs = new Map()) {
      const id = await readPlatformId(folder)
      if (id === null) return
      const now = clock()
      const { registrars } = trust.trustList
      const source = { listsDir, keptDir: folder.dir, registrars, now }
      statusLists = await readStatusLists(withNewer(statusLists, packs), source)
      const installed = await readInstalled(folder)
      const registered = await readRegistered(listsDir, id)
      const demands = { id, requestJwk, registrars, statusLists, now }
      const judged = await judgeAll(installed, registered, demands)
      const renewed = judged.accreditations.filter(({ token }) => !installed.includes(token))
      for (const accreditation of renewed) await writeAccreditation(folder, accreditation)
      const number = held?.id === id ? held.number : await openNumbers(id)
      held = { id, number, accreditations: judged.accreditations }
      refused = judged.refused
    },
  }
}

/** The curve takes longer to load than facts take to verify: only a platform with numbers pays. */
async function openNumbers(id: string): Promise<Platform> {
  const { createPlatform } = await import('@netcert/credential/platform-number')
  return createPlatform(id)
}

/** What an accreditation is held to. */
export type AccreditationDemands = Pick<
  Parameters<typeof verifyAccreditation>[1],
  'registrars' | 'statusLists' | 'now'
> & {
  /** The platform it must be of; null: any. */
  readonly id: string | null
  readonly requestJwk: PublicJwk
}

/**
 * Verifies one accreditation as ours.
 *
 * @throws ProtocolError as `verifyAccreditation`; VerifierError `accreditation_differs` for another
 *   platform or another request key
 */
export async function judgeAccreditation(
  token: string,
  { id, requestJwk, ...rest }: AccreditationDemands,
): Promise<Accreditation> {
  const { accreditation } = await verifyAccreditation(token, rest)
  if (id !== null && accreditation.platformId !== id) {
    throw differs('is of another platform; a verifier is one platform for good')
  }
  if (!sameKey(accreditation.requestJwk, requestJwk)) {
    throw differs('is for another request key; have it made for this one (netcert verifier key)')
  }
  return accreditation
}

function differs(problem: string): VerifierError {
  return new VerifierError('accreditation_differs', `the accreditation ${problem}.`)
}

/**
 * Of each purpose the newest that holds; one that does not stops no other. The public register lists
 * those of the platform's gates too, which are for a key of their own: nothing is wrong with them.
 */
async function judgeAll(
  installed: readonly string[],
  registered: readonly string[],
  demands: AccreditationDemands,
) {
  const byPurpose = new Map<string, Accreditation>()
  const refused: string[] = []
  for (const token of new Set([...installed, ...registered])) {
    try {
      const accreditation = await judgeAccreditation(token, demands)
      const known = byPurpose.get(accreditation.purposeId)
      if (known === undefined || known.issuedAt < accreditation.issuedAt) {
        byPurpose.set(accreditation.purposeId, accreditation)
      }
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof VerifierError)) throw error
      const isOurs = installed.includes(token) || error.code !== 'accreditation_differs'
      if (isOurs) refused.push(error.code)
    }
  }
  return { accreditations: [...byPurpose.values()], refused }
}

/** Accreditations that end soon, by purpose and whole days left. */
export function endingSoon(
  platform: AccreditedPlatform | null,
  now: Date,
): readonly { readonly purposeId: string; readonly days: number }[] {
  return (platform?.accreditations ?? []).flatMap(({ purposeId, expiresAt }) => {
    const left = (expiresAt.getTime() - now.getTime()) / 1000
    return left < ENDS_SOON_SECONDS ? [{ purposeId, days: Math.floor(left / 86_400) }] : []
  })
}
