import { createTrust, CredentialError, freshnessPolicies, type Trust } from '@netcert/credential'
import type { GuardedFetch } from '@netcert/protocol'
import {
  type Published,
  registrarStatusFile,
  WalletError,
  type WantedTrust,
} from '@netcert/wallet/rules'
import type { WalletDatabase } from '../keeping/database.js'

const TRUST_LIST = 'trust-list.jwt'
const STATISTICS = 'statistics.json'
const MAX_TRUST_LIST_BYTES = 16 * 1024 * 1024
const MAX_BYTES = 4 * 1024 * 1024
const MAX_REGISTRAR_LISTS = 64

/** What an issuer publishes, copied into this browser. */
export type PublishedCopies = {
  /** Copies everything anew. Called by a schedule, never because somebody is answered. */
  readonly refresh: () => Promise<void>
  /** The trust list: the copy, or where there is none yet what is published now. */
  readonly readTrust: (wanted: WantedTrust) => Promise<Trust>
  /**
   * The same where an issuer is asked anyway: a copy that does not hold any more gives way to what is
   * published now. Else a wallet that nobody opened for long could never receive again.
   */
  readonly readNewestTrust: (wanted: WantedTrust) => Promise<Trust>
  /** What is at hand; asks nobody. */
  readonly published: Pick<Published, 'statusList' | 'statistics'>
}

export type PublishedCopiesOptions = {
  readonly database: WalletDatabase
  readonly fetch: GuardedFetch
  /** Where the issuer publishes, without a slash at the end. */
  readonly baseUrl: string
}

/** Copies of what is published below an address. */
export function publishedCopies(options: PublishedCopiesOptions): PublishedCopies {
  const kept = (name: string) => readCopy(options, name)
  return {
    refresh: () => refresh(options),
    readTrust: (wanted) => readTrust(options, wanted),
    readNewestTrust: async (wanted) => {
      try {
        return await readTrust(options, wanted)
      } catch (error) {
        if (!(error instanceof CredentialError)) throw error
        // Where nothing newer is to be had, what is wrong with the copy is the better reason.
        await bringTrustList(options).catch(() => {
          throw error
        })
        return readTrust(options, wanted)
      }
    },
    published: {
      statusList: async (uri) => {
        const file = registrarStatusFile(uri)
        return file === null ? null : kept(`registrar/status/${file}`)
      },
      statistics: () => kept(STATISTICS),
    },
  }
}

async function readCopy(
  { database }: PublishedCopiesOptions,
  name: string,
): Promise<string | null> {
  return (await database.get('published', name))?.text ?? null
}

async function readTrust(
  options: PublishedCopiesOptions,
  { rootDids, now, minimumSequence }: WantedTrust,
): Promise<Trust> {
  if (rootDids === null) throw trustMissing('this wallet knows no root')
  if ((await readCopy(options, TRUST_LIST)) === null) await bringTrustList(options)
  const trustListToken = await readCopy(options, TRUST_LIST)
  if (trustListToken === null) throw trustMissing('no trust list could be fetched')
  const { trustListGraceSeconds: graceSeconds } = freshnessPolicies.strict
  return createTrust({ trustListToken, rootDids, now, graceSeconds, minimumSequence })
}

async function refresh(options: PublishedCopiesOptions): Promise<void> {
  // All of them each time: which one is fetched says nothing of whom this wallet met.
  for (let number = 1; number <= MAX_REGISTRAR_LISTS; number += 1) {
    const path = `registrar/status/${number}`
    if (!(await bring(options, { path, name: `${path}.jwt`, maxBytes: MAX_BYTES }))) break
  }
  await bring(options, { path: STATISTICS, name: STATISTICS, maxBytes: MAX_BYTES })
  await bringTrustList(options)
}

async function bringTrustList(options: PublishedCopiesOptions): Promise<void> {
  const wanted = { path: TRUST_LIST, name: TRUST_LIST, maxBytes: MAX_TRUST_LIST_BYTES }
  if (!(await bring(options, wanted))) throw trustMissing('there is none at the published address')
}

async function bring(
  { database, fetch: ask, baseUrl }: PublishedCopiesOptions,
  wanted: { readonly path: string; readonly name: string; readonly maxBytes: number },
): Promise<boolean> {
  const { path, name, maxBytes } = wanted
  const { status, text } = await ask(`${baseUrl}/${path}`, { maxBytes })
  const copied = text.trim()
  // A page that says "back soon" with a 200 does not take the place of a copy that is good.
  if (status !== 200 || !isOfItsForm(name, copied)) return false
  await database.put('published', { name, text: copied })
  return true
}

/** Lists are signed tokens; what else is published is JSON, which whoever reads it looks at. */
function isOfItsForm(name: string, text: string): boolean {
  return name.endsWith('.jwt') ? /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) : text.startsWith('{')
}

function trustMissing(problem: string): WalletError {
  return new WalletError('trust_missing', `nothing can be received: ${problem}.`)
}
