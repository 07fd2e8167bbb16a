import { randomUUID } from 'node:crypto'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { FetchedAnswer, GuardedFetch } from '@netcert/protocol'
import { VerifierError } from './errors.js'

const MAX_TRUST_LIST_BYTES = 16 * 1024 * 1024
const MAX_STATUS_LIST_BYTES = 4 * 1024 * 1024
const MAX_STATUS_LISTS = 4_096

/**
 * Copies what an issuer publishes into a folder. It runs on a schedule of its own and knows nothing
 * of presentations; whether a copy is believed is decided where the folder is read.
 *
 * @param options.url - Where `trust-list.jwt` and `status/<n>.jwt` are served.
 * @throws VerifierError `lists_source`; FetchError. What was copied before stays.
 */
export async function updateLists(options: {
  readonly url: string
  readonly dir: string
  readonly fetchText: GuardedFetch
}): Promise<void> {
  const { url, dir, fetchText } = options
  const base = url.replace(/\/$/, '')
  await mkdir(join(dir, 'status'), { recursive: true, mode: 0o700 })
  // Status lists first: a new trust list may stop trusting what signed the old ones.
  for (let number = 1; number <= MAX_STATUS_LISTS; number += 1) {
    const name = `status/${number}.jwt`
    const list = await fetchText(`${base}/${name}`, { maxBytes: MAX_STATUS_LIST_BYTES })
    if (list.status === 404) break
    await write(join(dir, name), requireText(list))
  }
  const trustList = await fetchText(`${base}/trust-list.jwt`, { maxBytes: MAX_TRUST_LIST_BYTES })
  await write(join(dir, 'trust-list.jwt'), requireText(trustList))
}

function requireText({ status, text }: FetchedAnswer): string {
  if (status === 200) return text
  throw new VerifierError(
    'lists_source',
    `the published lists were answered with status ${status}; check the address they come from.`,
  )
}

/** Whole or not at all: a reader never sees half a list. */
async function write(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}
