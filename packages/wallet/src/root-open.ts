import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createNewFile } from '@netcert/agent'
import {
  followRoot,
  pinRoot,
  resolveDidKey,
  type RootPin,
  type TrustList,
} from '@netcert/credential'
import { WalletError } from './errors.js'

/** The root a wallet believes, as it lies in its folder. */
export type WalletRoot = {
  /** As it is now: another process of the wallet can have followed. */
  current(): Promise<RootPin>
  /**
   * Follows the root of a verified list, on disk when this resolves: a list of the root announces the
   * next, the first list of that one makes it the root.
   *
   * @throws CredentialError `trust_list_untrusted` for the list of anybody else.
   */
  follow(list: Pick<TrustList, 'rootDid' | 'nextRoot'>): Promise<void>
}

const ROOT = 'root.did'
const NEXT = 'next-root.did'

/**
 * The root of a wallet: the one in its folder, or the one given to a wallet that has none yet. Another
 * one is refused, not taken over, unless the root itself announced it.
 *
 * @returns `null` where there is none and none is given.
 * @throws WalletError `root_differs`
 */
export async function openWalletRoot(
  dir: string,
  given: string | undefined,
): Promise<WalletRoot | null> {
  const pin = await readRootPin(dir)
  if (pin === null) {
    if (given === undefined) return null
    resolveDidKey(given)
    await createNewFile(join(dir, ROOT), `${given}\n`)
    return walletRoot(dir, pinRoot(given))
  }
  if (given === undefined || given === pin.root || given === pin.next) return walletRoot(dir, pin)
  throw new WalletError(
    'root_differs',
    `the wallet is pinned to another root, see ${join(dir, ROOT)}; use the lists of that root, or a new wallet.`,
  )
}

/** The pin in a wallet's folder; `null` where nothing is pinned yet. */
export async function readRootPin(dir: string): Promise<RootPin | null> {
  if (!(await isThere(join(dir, ROOT)))) return null
  const root = (await readFile(join(dir, ROOT), 'utf8')).trim()
  const next = (await isThere(join(dir, NEXT)))
    ? (await readFile(join(dir, NEXT), 'utf8')).trim()
    : null
  return { root, next }
}

function walletRoot(dir: string, first: RootPin): WalletRoot {
  const current = async (): Promise<RootPin> => (await readRootPin(dir)) ?? first
  return {
    current,
    async follow(list) {
      const before = await current()
      const after = followRoot(before, list)
      // The root first: interrupted, its own announcement stays, which lets nobody else in.
      if (after.root !== before.root) await replace(dir, ROOT, after.root)
      if (after.next === null) await rm(join(dir, NEXT), { force: true })
      else if (after.next !== before.next) await replace(dir, NEXT, after.next)
    },
  }
}

async function replace(dir: string, name: string, did: string): Promise<void> {
  const part = join(dir, `${name}.${randomBytes(8).toString('hex')}.part`)
  const file = await open(part, 'w', 0o600)
  try {
    await file.writeFile(`${did}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, join(dir, name))
  const folder = await open(dir, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  )
}
