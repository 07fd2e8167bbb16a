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
import type { IssuerKey } from './issuer-keys.js'
import type { PublicationSteps } from './lists/publication-steps.js'
import type { PlatformStore } from './platform-store.js'
import { publishRegister } from './public-register.js'
import { STATUS_LIFETIME_SECONDS, STATUS_TTL_SECONDS } from './status-publication.js'

export type RegistrarPublicationParts = {
  readonly platforms: PlatformStore
  readonly accreditations: AccreditationStore
  /** The key of a list, by its alias. */
  readonly signer: (alias: string) => Promise<Signer>
  /** Keys of the registrar by their alias: which lists still are believed. */
  readonly keys: () => Promise<readonly IssuerKey[]>
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

/**
 * Writes the registrar's status lists and the public register, each as a step of its own. The list of
 * a key that is believed no more stays as it was published last: nothing on it counts any more.
 */
export async function publishRegistrar(
  parts: RegistrarPublicationParts,
  steps: PublicationSteps,
  out: string,
): Promise<RegistrarPublication> {
  const statusLists: { readonly uri: string; readonly file: string }[] = []
  const { statusUri } = registrarAddresses(parts.baseUrl)
  await steps.run('registrar_lists', async () => {
    await makeFolder(join(out, 'registrar', 'status'), FOLDER_MODE)
    for (const list of await believedLists(parts)) {
      const file = join('registrar', 'status', `${list.list}.jwt`)
      const step = `registrar/${list.list}`
      const done = await steps.run(step, () => publishList(parts, list, join(out, file)))
      if (done !== undefined) statusLists.push({ uri: statusUri(list.list), file })
    }
  })
  const platforms = await steps.run('register', () =>
    publishRegister({ ...parts, believed: () => believedLists(parts) }, out),
  )
  return { platforms: platforms ?? 0, statusLists }
}

/** Lists whose key may still sign: not one that was taken back, nor one whose window is over. */
export async function believedLists({
  accreditations,
  keys,
  clock,
}: Pick<RegistrarPublicationParts, 'accreditations' | 'keys' | 'clock'>): Promise<
  readonly RegistrarList[]
> {
  const now = clock()
  const believed = (await keys()).filter(
    ({ state, notAfter }) => state !== 'revoked' && notAfter >= now,
  )
  const aliases = new Set(believed.map(({ alias }) => alias))
  return (await accreditations.lists()).filter(({ registrar }) => aliases.has(registrar))
}

/** Whoever finds a newer version begun after writing writes once more: an older file never stays. */
async function publishList(
  parts: RegistrarPublicationParts,
  list: RegistrarList,
  file: string,
): Promise<true> {
  const { accreditations } = parts
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    const version = await accreditations.nextVersion(list.list)
    const { token, issuedAt } = await signList(parts, list)
    await writeAtomically(file, token, FILE_MODE)
    await accreditations.putPublished(list.list, issuedAt.getTime() / 1000)
    if ((await accreditations.versionOf(list.list)) === version) return true
  }
  throw new IssuerError('publish_busy', 'Other processes keep publishing; publish after them.')
}

/**
 * The list as of now, signed, for whoever gives it out otherwise than as a file: whatever is published
 * later is not older.
 */
export async function currentRegistrarList(
  parts: RegistrarPublicationParts,
  list: RegistrarList,
): Promise<string> {
  const { token, issuedAt } = await signList(parts, list)
  await parts.accreditations.putPublished(list.list, epochSeconds(issuedAt))
  return token
}

async function signList(
  { accreditations, baseUrl, clock, signer }: RegistrarPublicationParts,
  { list, registrar, published_at: publishedAt, closed_from: closedFrom }: RegistrarList,
): Promise<{ readonly token: string; readonly issuedAt: Date }> {
  const statuses = createEmptyStatusList(1, REGISTRAR_LIST_SIZE)
  for (const index of await accreditations.revokedOn(list)) {
    writeStatus(statuses, index, STATUS_INVALID)
  }
  for (let index = closedFrom ?? REGISTRAR_LIST_SIZE; index < REGISTRAR_LIST_SIZE; index++) {
    writeStatus(statuses, index, STATUS_INVALID)
  }
  // Never before what was published: an older list is refused by whoever saw a newer one.
  const now = epochSeconds(clock())
  const issuedAt = new Date(Math.max(now, publishedAt) * 1000)
  const token = await createStatusList({
    uri: registrarAddresses(baseUrl).statusUri(list),
    bits: 1,
    entries: statuses.bytes,
    signer: await signer(registrar),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + STATUS_LIFETIME_SECONDS * 1000),
    ttlSeconds: STATUS_TTL_SECONDS,
  })
  return { token, issuedAt }
}
