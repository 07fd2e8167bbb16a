import { join } from 'node:path'
import {
  createEmptyStatusList,
  createStatusList,
  epochSeconds,
  type Signer,
  STATUS_INVALID,
  writeStatus,
} from '@netcert/credential'
import {
  type AccreditationStore,
  REGISTRAR_LIST_SIZE,
  type RegistrarList,
} from './accreditation-store.js'
import { registrarAddresses } from './accrediting.js'
import { makeFolder, writeAtomically } from './atomic-file.js'
import { IssuerError } from './issuer-error.js'
import type { PlatformStore } from './platform-store.js'
import { publishRegister } from './public-register.js'
import { STATUS_LIFETIME_SECONDS, STATUS_TTL_SECONDS } from './status-publication.js'

export type RegistrarPublicationParts = {
  readonly platforms: PlatformStore
  readonly accreditations: AccreditationStore
  readonly signer: () => Promise<Signer>
  readonly baseUrl: string
  readonly clock: () => Date
}

export type RegistrarPublication = {
  readonly platforms: number
  readonly statusLists: readonly { readonly uri: string; readonly file: string }[]
}

const FILE_MODE = 0o644
const FOLDER_MODE = 0o755
const PUBLISH_TRIES = 8

/** Writes the registrar's status lists and the public register. @throws IssuerError `publish_busy`. */
export async function publishRegistrar(
  parts: RegistrarPublicationParts,
  out: string,
): Promise<RegistrarPublication> {
  await makeFolder(join(out, 'registrar', 'status'), FOLDER_MODE)
  const statusLists = []
  const { statusUri } = registrarAddresses(parts.baseUrl)
  for (const list of await parts.accreditations.lists()) {
    const file = join('registrar', 'status', `${list.list}.jwt`)
    await publishList(parts, list, join(out, file))
    statusLists.push({ uri: statusUri(list.list), file })
  }
  const platforms = await publishRegister(parts, out)
  return { platforms, statusLists }
}

/** Whoever finds a newer version begun after writing writes once more: an older file never stays. */
async function publishList(
  parts: RegistrarPublicationParts,
  list: RegistrarList,
  file: string,
): Promise<void> {
  const { accreditations } = parts
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    const version = await accreditations.nextVersion(list.list)
    const { token, issuedAt } = await signList(parts, list)
    await writeAtomically(file, token, FILE_MODE)
    await accreditations.putPublished(list.list, issuedAt.getTime() / 1000)
    if ((await accreditations.versionOf(list.list)) === version) return
  }
  throw new IssuerError('publish_busy', 'Other processes keep publishing; publish after them.')
}

async function signList(
  { accreditations, baseUrl, clock, signer }: RegistrarPublicationParts,
  { list, published_at: publishedAt }: RegistrarList,
): Promise<{ readonly token: string; readonly issuedAt: Date }> {
  const statuses = createEmptyStatusList(1, REGISTRAR_LIST_SIZE)
  for (const index of await accreditations.revokedOn(list)) {
    writeStatus(statuses, index, STATUS_INVALID)
  }
  // Never before what was published: an older list is refused by whoever saw a newer one.
  const now = epochSeconds(clock())
  const issuedAt = new Date(Math.max(now, publishedAt) * 1000)
  const token = await createStatusList({
    uri: registrarAddresses(baseUrl).statusUri(list),
    bits: 1,
    entries: statuses.bytes,
    signer: await signer(),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + STATUS_LIFETIME_SECONDS * 1000),
    ttlSeconds: STATUS_TTL_SECONDS,
  })
  return { token, issuedAt }
}
