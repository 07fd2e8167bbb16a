import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FetchedAnswer, GuardedFetch } from '@netcert/protocol'
import { MAX_REGISTER_BYTES, registerFileOf } from './accreditation-files.js'
import { replaceFile } from './bounded-file.js'
import { VerifierError } from './errors.js'

const MAX_TRUST_LIST_BYTES = 16 * 1024 * 1024
const MAX_STATUS_LIST_BYTES = 4 * 1024 * 1024
const MAX_STATUS_LISTS = 4_096
const MAX_REGISTRAR_LISTS = 64

/**
 * Copies what an issuer publishes into a folder. It runs on a schedule of its own and knows nothing
 * of presentations; whether a copy is believed is decided where the folder is read.
 *
 * @param options.url - Where `trust-list.jwt` and `status/<n>.jwt` are served.
 * @param options.platformId - Its accreditations, and the registrar's word on them, are brought too.
 * @throws VerifierError `lists_source`; FetchError. What was copied before stays.
 */
export async function updateLists(options: {
  readonly url: string
  readonly dir: string
  readonly fetchText: GuardedFetch
  readonly platformId?: string | null
}): Promise<void> {
  const { url, dir, fetchText, platformId = null } = options
  const base = url.replace(/\/$/, '')
  await mkdir(join(dir, 'status'), { recursive: true, mode: 0o700 })
  // Status lists first: a new trust list may stop trusting what signed the old ones.
  for (let number = 1; number <= MAX_STATUS_LISTS; number += 1) {
    const name = `status/${number}.jwt`
    const list = await fetchText(`${base}/${name}`, { maxBytes: MAX_STATUS_LIST_BYTES })
    if (list.status === 404) break
    await replaceFile(join(dir, name), requireText(list))
  }
  const trustList = await fetchText(`${base}/trust-list.jwt`, { maxBytes: MAX_TRUST_LIST_BYTES })
  await replaceFile(join(dir, 'trust-list.jwt'), requireText(trustList))
  if (platformId !== null) await updateRegister({ base, dir, fetchText, platformId })
}

/** An issuer without a registrar serves neither; then what was installed by hand stays alone. */
async function updateRegister(options: {
  readonly base: string
  readonly dir: string
  readonly fetchText: GuardedFetch
  readonly platformId: string
}): Promise<void> {
  const { base, dir, fetchText, platformId } = options
  const bring = async (name: string, file: string, maxBytes: number): Promise<boolean> => {
    const answer = await fetchText(`${base}/${name}`, { maxBytes })
    if (answer.status === 404) return false
    await mkdir(dirname(join(dir, file)), { recursive: true, mode: 0o700 })
    await replaceFile(join(dir, file), requireText(answer))
    return true
  }
  for (let number = 1; number <= MAX_REGISTRAR_LISTS; number += 1) {
    const name = `registrar/status/${number}`
    if (!(await bring(name, `${name}.jwt`, MAX_STATUS_LIST_BYTES))) break
  }
  const register = registerFileOf(platformId)
  await bring(register, register, MAX_REGISTER_BYTES)
}

function requireText({ status, text }: FetchedAnswer): string {
  if (status === 200) return text
  throw new VerifierError(
    'lists_source',
    `the published lists were answered with status ${status}; check the address they come from.`,
  )
}
