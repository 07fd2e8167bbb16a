import { generateSigner, NETWORK_CERTIFICATE, type Signer } from '@netcert/credential'
import type { Issuer } from '@netcert/issuer'
import { openIssuerGround } from '../packages/issuer/src/open.js'

/** A platform copy and the key it is bound to. */
export type TestHolder = { readonly credential: string; readonly signer: Signer }

/** Mints a platform copy for a key that the test keeps. */
export async function generateHolder(issuer: Issuer, citizen: string): Promise<TestHolder> {
  const { signer, jwk } = await generateSigner('ES256')
  const { credentials } = await issuer.mint({
    citizen,
    type: NETWORK_CERTIFICATE,
    copies: 'platform',
    holderJwks: [jwk],
  })
  return { credential: credentials[0] ?? '', signer }
}

/** Whether the issuer of a data folder has somebody enrolled under that reference. */
export async function isEnrolledAt(dir: string, citizen: string): Promise<boolean> {
  const { ground, close } = await openIssuerGround({ dir, clock: () => new Date() })
  const row = await ground.database.kysely
    .selectFrom('persons')
    .select('id')
    .where('citizen', '=', citizen)
    .executeTakeFirst()
  await close()
  return row !== undefined
}
