import type { JsonObject } from '@netcert/credential'
import { AgentError } from './errors.js'
import type { NetcertAgent } from './netcert-agent.js'

export type CreateVcJwtOptions = {
  /** The header's `typ`; what a profile calls the token. */
  readonly typ: string
  /** The header's `kid`. */
  readonly kid: string
  /**
   * The whole payload, `iat`, `exp`, `jti` and `sub` as numbers and texts. `iss` is a DID of the agent;
   * `vc` has `@context`, `type` and `credentialSubject`. `nbf` becomes `iat`.
   */
  readonly payload: JsonObject
}

/**
 * Signs a W3C VC-JWT (Verifiable Credentials Data Model 1.1 §6.3.1) by `@veramo/credential-w3c`: members
 * beside `vc` stay where they are, so that the same token can follow another profile, too.
 *
 * @throws AgentError `did_unknown` when the agent does not manage `iss`.
 */
export async function createVcJwt(
  agent: NetcertAgent,
  { typ, kid, payload }: CreateVcJwtOptions,
): Promise<string> {
  const { iss, nbf: _start, vc, ...members } = payload
  const { iat } = members
  if (typeof iss !== 'string' || typeof iat !== 'number') {
    throw new TypeError('a VC-JWT has iss and iat')
  }
  await agent.didManagerGet({ did: iss })
  const credential = await agent.createVerifiableCredential({
    // Veramo would take the clock's time for a payload that names none.
    credential: {
      ...members,
      vc,
      issuer: iss,
      issuanceDate: new Date(iat * 1000).toISOString(),
    },
    proofFormat: 'jwt',
    removeOriginalFields: true,
    header: { typ, kid },
  })
  const token: unknown = credential.proof['jwt']
  if (typeof token === 'string') return token
  throw new AgentError('key_type', 'the key of this identifier signs no JWT; use another one')
}
