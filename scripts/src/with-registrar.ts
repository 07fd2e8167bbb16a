import type { OpenedRegistrar } from '@netcert/issuer/registrar'
import { type Invocation, issuerDir } from './invocation.js'

/** Opens the registrar of the data folder for one piece of work and closes it whatever happens. */
export async function withRegistrar<T>(
  invocation: Invocation,
  work: (registrar: OpenedRegistrar['registrar']) => Promise<T>,
): Promise<T> {
  const { openRegistrar } = await import('@netcert/issuer/registrar')
  const { registrar, close } = await openRegistrar({
    dir: issuerDir(invocation),
    clock: invocation.clock,
  })
  try {
    return await work(registrar)
  } finally {
    await close()
  }
}
