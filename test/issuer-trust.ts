import { createTrust, type Trust } from '@netcert/credential'
import type { Issuer } from '@netcert/issuer'

/** What somebody trusts who has the issuer's newest trust list. */
export async function trustOf(issuer: Issuer, rootDid: string, now: Date): Promise<Trust> {
  const trustListToken = await issuer.trustList()
  return createTrust({
    trustListToken,
    rootDids: [rootDid],
    now,
    graceSeconds: 0,
    minimumSequence: 0,
  })
}
