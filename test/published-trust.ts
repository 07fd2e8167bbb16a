import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTrust, type Trust, withStatusLists } from '@netcert/credential'

/** What a verifier believes that begins with a published folder: its trust list and first status list. */
export async function publicTrust(
  folder: string,
  { rootDid, now }: { readonly rootDid: string; readonly now: Date },
): Promise<Trust> {
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const trust = await createTrust({
    trustListToken: await read('trust-list.jwt'),
    rootDids: [rootDid],
    now,
    graceSeconds: 0,
    minimumSequence: 0,
  })
  const taken = await withStatusLists(trust, [await read('status/1.jwt')], now)
  if (taken.refused[0] !== undefined) throw taken.refused[0].error
  return taken.trust
}
