import type { Trust } from '@netcert/credential'
import { createPlatform } from '@netcert/credential/platform-number'
import { type AccreditationStatusLists, verifyAccreditation } from '@netcert/protocol'
import type { AccreditedPlatform } from './accredited-platform.js'
import { readStatusLists } from './registrar-lists.js'

/** Options of {@link readAccreditedPlatform}. */
export type ReadAccreditedPlatformOptions = {
  readonly token: string
  readonly trust: Trust
  /** A published folder, with the registrar's status lists where there are any; null: none. */
  readonly listsDir: string | null
  /** What offline packs say of accreditations. */
  readonly packs?: AccreditationStatusLists
  readonly now: Date
}

/**
 * The platform of one accreditation, for a verifier that hands its queries over by itself and signs
 * none. Nothing is fetched.
 *
 * @throws ProtocolError as `verifyAccreditation`
 */
export async function readAccreditedPlatform(
  options: ReadAccreditedPlatformOptions,
): Promise<AccreditedPlatform> {
  const { token, trust, listsDir, packs = new Map(), now } = options
  const { registrars } = trust.trustList
  const statusLists =
    listsDir === null
      ? packs
      : await readStatusLists(packs, { listsDir, keptDir: null, registrars, now })
  const { accreditation } = await verifyAccreditation(token, { registrars, statusLists, now })
  const id = accreditation.platformId
  return { id, number: createPlatform(id), accreditations: [accreditation] }
}
