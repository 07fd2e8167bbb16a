import { createTrust, freshnessPolicies, type Trust } from '@netcert/credential'
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
  const { database } = options
  const kept = async (name: string) => (await database.get('published', name))?.text ?? null
  return {
    refresh: () => refresh(options),
    readTrust: async ({ rootDids, now, minimumSequence }) => {
      if (rootDids === null) throw trustMissing('this wallet knows no root')
      if ((await kept(TRUST_LIST)) === null) await bringTrustList(options)
      const trustListToken = await kept(TRUST_LIST)
      if (trustListToken === null) throw trustMissing('no trust list could be fetched')
      const { trustListGraceSeconds: graceSeconds } = freshnessPolicies.strict
      return createTrust({ trustListToken, rootDids, now, graceSeconds, minimumSequence })
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
  if (status !== 200) return false
  await database.put('published', { name, text: text.trim() })
  return true
}

function trustMissing(problem: string): WalletError {
  return new WalletError('trust_missing', `nothing can be received: ${problem}.`)
}
