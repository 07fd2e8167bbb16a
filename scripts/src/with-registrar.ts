import type { OpenedRegistrar } from '@netcert/issuer/registrar'
import { type Invocation, issuerPlace } from './invocation.js'

/** Opens the registrar of the data folder for one piece of work and closes it whatever happens. */
export async function withRegistrar<T>(
  invocation: Invocation,
  work: (registrar: OpenedRegistrar['registrar']) => Promise<T>,
): Promise<T> {
  const { openRegistrar } = await import('@netcert/issuer/registrar')
  const { registrar, close } = await openRegistrar(issuerPlace(invocation))
  try {
    return await work(registrar)
  } finally {
    await close()
  }
}
