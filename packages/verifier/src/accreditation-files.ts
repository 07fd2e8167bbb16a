import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonArray, memberOf, parseJsonObject } from '@netcert/credential'
import type { Accreditation } from '@netcert/protocol'
import { z } from 'zod'
import { readBoundedFile, replaceFile } from './bounded-file.js'
import { VerifierError } from './errors.js'
import type { VerifierFolder } from './verifier-folder.js'

/** Bound of one platform's file in the public register. */
export const MAX_REGISTER_BYTES = 4 * 1024 * 1024
const MAX_TOKEN_BYTES = 64 * 1024
const MAX_STATUS_BYTES = 4 * 1024 * 1024
const MAX_FILES = 256
const TOKEN_FILE = /^[A-Za-z0-9._-]{1,200}\.jwt$/

const platformSchema = z.object({
  platform_id: z
    .string()
    .max(128)
    .regex(/^[\x21-\x7e]+$/),
})

/**
 * Which platform a verifier is; null until its first accreditation.
 *
 * @throws VerifierError `config_invalid`
 */
export async function readPlatformId({ platform }: VerifierFolder): Promise<string | null> {
  const text = await readBoundedFile(platform, 4 * 1024)
  if (text === null) return null
  try {
    return platformSchema.parse(JSON.parse(text)).platform_id
  } catch (cause) {
    throw new VerifierError('config_invalid', `${platform} is damaged; restore it.`, { cause })
  }
}

/** Settles for good which platform a verifier is. */
export async function writePlatformId(folder: VerifierFolder, id: string): Promise<void> {
  await replaceFile(folder.platform, `${JSON.stringify({ platform_id: id }, null, 2)}\n`)
}

/** Puts an accreditation in the place of the last one for its purpose. */
export async function writeAccreditation(
  { accreditations }: VerifierFolder,
  { purposeId, token }: Accreditation,
): Promise<void> {
  await mkdir(accreditations, { recursive: true, mode: 0o700 })
  // A purpose is any text: its hash keeps two apart that look alike as names of files.
  const name = purposeId.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 64)
  const mark = createHash('sha256').update(purposeId).digest('hex').slice(0, 12)
  await replaceFile(join(accreditations, `${name}-${mark}.jwt`), `${token}\n`)
}

/** The accreditations that were installed, unread. */
export function readInstalled({ accreditations }: VerifierFolder): Promise<readonly string[]> {
  return readTokens(accreditations, MAX_TOKEN_BYTES)
}

/** The registrar's status lists in a published folder, unread. */
export function readRegistrarLists(listsDir: string): Promise<readonly string[]> {
  return readTokens(join(listsDir, 'registrar', 'status'), MAX_STATUS_BYTES)
}

/** Keeps a registrar's status list in the place of an older one; {@link readRegistrarLists} reads it. */
export async function writeRegistrarList(
  keptDir: string,
  { uri, token }: { readonly uri: string; readonly token: string },
): Promise<void> {
  const folder = join(keptDir, 'registrar', 'status')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = createHash('sha256').update(uri).digest('base64url')
  await replaceFile(join(folder, `${name}.jwt`), `${token}\n`)
}

/** Where the public register keeps a platform's accreditations, below its base address. */
export function registerFileOf(platformId: string): string {
  const name = createHash('sha256').update(platformId).digest('base64url')
  return `register/platforms/${name}.json`
}

/** What the public register has for a platform, unread; nothing when it is damaged or not there. */
export async function readRegistered(
  listsDir: string,
  platformId: string,
): Promise<readonly string[]> {
  const text = await readBoundedFile(join(listsDir, registerFileOf(platformId)), MAX_REGISTER_BYTES)
  if (text === null) return []
  try {
    const tokens = memberOf(parseJsonObject(text, { maxDepth: 32 }), 'accreditations')
    if (!isJsonArray(tokens)) return []
    return tokens.slice(0, MAX_FILES).filter((token) => typeof token === 'string')
  } catch {
    // The register is a convenience: a broken file must not take the installed ones away.
    return []
  }
}

async function readTokens(folder: string, maxBytes: number): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => TOKEN_FILE.test(name)).toSorted()
  const tokens: string[] = []
  for (const name of files.slice(0, MAX_FILES)) {
    const token = await readBoundedFile(join(folder, name), maxBytes)
    if (token !== null && token !== '') tokens.push(token)
  }
  return tokens
}
