import type { Issuer } from '@netcert/issuer'
import { type Invocation, issuerPlace } from './invocation.js'

/** Opens the issuer of the data folder for one piece of work and closes it whatever happens. */
export async function withIssuer<T>(
  invocation: Invocation,
  work: (issuer: Issuer) => Promise<T>,
): Promise<T> {
  const { openIssuer } = await import('@netcert/issuer')
  const { issuer, close } = await openIssuer(issuerPlace(invocation))
  try {
    return await work(issuer)
  } finally {
    await close()
  }
}
