import { dereferenceDidKey, type PublicJwk } from '@netcert/credential'
import type { Accreditation } from '@netcert/protocol'
import { readPlatformId, writeAccreditation, writePlatformId } from './accreditation-files.js'
import { judgeAccreditation } from './accreditation-source.js'
import { readStatusLists } from './registrar-lists.js'
import { openTrustSource } from './trust-source.js'
import { listsFolder, readSettings, verifierFolder } from './verifier-folder.js'
import { readRequestSigner } from './vp-open.js'

/** What a registrar has to know of a verifier. */
export type RequestKey = {
  /** Public; the `cnf` of its accreditations. */
  readonly jwk: PublicJwk
  readonly did: string
  readonly baseUrl: string
  /** Where citizens send deletion requests. */
  readonly deletionUri: string
  /** Receipts come with the reply to each answer; this is where answers go. */
  readonly receiptUri: string
}

/**
 * The public request key of a verifier, for its registration.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`; AgentError
 */
export async function readRequestKey({ dir }: { readonly dir: string }): Promise<RequestKey> {
  const folder = verifierFolder(dir)
  const { base_url: baseUrl } = await readSettings(folder)
  const { did, keyId } = await readRequestSigner(folder)
  return {
    jwk: dereferenceDidKey(keyId),
    did,
    baseUrl,
    deletionUri: `${baseUrl}/deletion`,
    receiptUri: `${baseUrl}/response`,
  }
}

/**
 * Verifies an accreditation and puts it into a verifier's folder. With the first one it is settled
 * which platform the verifier is.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `lists_unreadable`,
 *   `accreditation_differs`; ProtocolError as `verifyAccreditation`; CredentialError for lists that
 *   do not hold; AgentError
 */
export async function installAccreditation(options: {
  readonly dir: string
  readonly token: string
  readonly clock: () => Date
  /** Lists may come from plain http on this machine: for development. */
  readonly allowHttpLoopback: boolean
}): Promise<Accreditation> {
  const { dir, token, clock } = options
  const folder = verifierFolder(dir)
  const now = clock()
  const listsDir = listsFolder(folder, await readSettings(folder))
  // What could not be fetched is judged by the lists of before; without any this throws.
  const source = await openTrustSource({ ...options, onError: () => undefined })
  source.close()
  const { registrars } = source.trust().trustList
  const lists = { listsDir, keptDir: dir, registrars, now }
  const packs = source.packs()?.accreditationStatus ?? new Map()
  const statusLists = await readStatusLists(packs, lists)
  const id = await readPlatformId(folder)
  const { jwk: requestJwk } = await readRequestKey({ dir })
  const demands = { id, requestJwk, registrars, statusLists, now }
  const accreditation = await judgeAccreditation(token, demands)
  if (id === null) await writePlatformId(folder, accreditation.platformId)
  await writeAccreditation(folder, accreditation)
  return accreditation
}
