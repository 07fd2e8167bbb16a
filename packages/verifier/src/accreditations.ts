import type { Trust } from '@netcert/credential'
import { createPlatform } from '@netcert/credential/platform-number'
import { verifyAccreditation } from '@netcert/protocol'
import type { AccreditedPlatform } from './accredited-platform.js'
import { readStatusLists } from './registrar-lists.js'

/** Options of {@link readAccreditedPlatform}. */
export type ReadAccreditedPlatformOptions = {
  readonly token: string
  readonly trust: Trust
  /** A published folder, with the registrar's status lists where there are any. */
  readonly listsDir: string
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
  const { token, trust, listsDir, now } = options
  const { registrars } = trust.trustList
  const lists = { listsDir, keptDir: null, registrars, now }
  const statusLists = await readStatusLists(new Map(), lists)
  const { accreditation } = await verifyAccreditation(token, { registrars, statusLists, now })
  const id = accreditation.platformId
  return { id, number: createPlatform(id), accreditations: [accreditation] }
}
