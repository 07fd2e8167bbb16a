import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createTrust, freshnessPolicies, type Trust } from '@netcert/credential'
import { WalletError } from './errors.js'
import type { WantedTrust } from './trust-source.js'

const MAX_TRUST_LIST_BYTES = 16 * 1024 * 1024

/**
 * Whom a wallet believes when it receives: the issuers on the trust list in a published folder,
 * signed by the pinned root.
 *
 * @throws WalletError `trust_missing`; CredentialError as `createTrust`
 */
export async function readPublishedTrust(
  options: WantedTrust & {
    /** A published folder; `trust-list.jwt` is read. */
    readonly listsDir: string | null
  },
): Promise<Trust> {
  const { rootDids, listsDir, now, minimumSequence } = options
  if (rootDids === null)
    throw trustMissing("the wallet knows no root; open it with the issuer's root DID")
  if (listsDir === null) throw trustMissing('name the folder of published lists')
  return createTrust({
    trustListToken: await readTrustList(join(listsDir, 'trust-list.jwt')),
    rootDids,
    now,
    // A wallet has nothing to lose by a stricter reading than a gate's.
    graceSeconds: freshnessPolicies.strict.trustListGraceSeconds,
    minimumSequence,
  })
}

async function readTrustList(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (cause: unknown) => {
      throw trustMissing(
        `there is no readable trust list at ${file}; publish the lists first`,
        cause,
      )
    },
  )
  try {
    const found = await handle.stat()
    if (!found.isFile() || found.size > MAX_TRUST_LIST_BYTES) {
      throw trustMissing(`${file} is no trust list of at most 16 MiB; publish the lists again`)
    }
    return (await handle.readFile('utf8')).trim()
  } finally {
    await handle.close()
  }
}

function trustMissing(problem: string, cause?: unknown): WalletError {
  return new WalletError('trust_missing', `nothing can be received: ${problem}.`, { cause })
}
