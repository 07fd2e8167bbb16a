import { type JsonObject, resolveDidKey } from '@netcert/credential'
import { ACCREDITATION_TYP } from '@netcert/protocol'
import type { AccreditingParts } from './accrediting.js'
import { createAccreditationStore } from './accreditation-store.js'
import type { IssuerGround } from './issuer-assembly.js'
import { createIssuerKeyStore } from './issuer-key-store.js'
import { createIssuerKeys } from './issuer-keys.js'
import { type OpenIssuerOptions, openIssuerGround } from './open.js'
import { createPlatformStore } from './platform-store.js'
import { Registrar } from './registrar.js'

export type OpenedRegistrar = { readonly registrar: Registrar; close(): Promise<void> }

/** Opens the registrar of an issuer's data folder. @throws see `openIssuer`. */
export async function openRegistrar(options: OpenIssuerOptions): Promise<OpenedRegistrar> {
  const { ground, close } = await openIssuerGround(options)
  try {
    return { registrar: await assembleRegistrar(ground), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The registrar of an opened issuer. @throws IssuerError `key_missing`. */
export async function assembleRegistrar(ground: IssuerGround): Promise<Registrar> {
  const { database, config, clock, keyStore, audit, access } = ground
  const createdAt = new Date(config.created_at)
  const keys = createIssuerKeys({ store: createIssuerKeyStore(database), keyStore, createdAt })
  return new Registrar({
    platforms: createPlatformStore(database),
    accreditations: createAccreditationStore(database),
    clock,
    audit,
    access,
    also: (trx, { id, ...details }) =>
      audit.append(trx, { event: 'platform_accredited', subject: id, details }),
    baseUrl: config.base_url,
    registrar: () => keys.active('registrar'),
    withdrawn: async () => {
      const registrars = (await keys.all()).filter(({ use }) => use === 'registrar')
      const withdrawn = registrars.filter(({ state }) => state === 'revoked')
      return new Set(withdrawn.map(({ alias }) => alias))
    },
    sign: vcJwtSigner(ground),
  })
}

/** Veramo costs half a second: it is loaded when there is something to sign, and kept. */
function vcJwtSigner({ database, keyStore, clock }: IssuerGround): AccreditingParts['sign'] {
  let opened: Promise<(payload: JsonObject) => Promise<string>> | undefined
  const open = async (): Promise<(payload: JsonObject) => Promise<string>> => {
    const { createNetcertAgent, createVcJwt } = await import('@netcert/agent/veramo')
    const agent = createNetcertAgent({ database, keyStore, clock })
    return (payload) => {
      const { keyId } = resolveDidKey(payload['iss'] ?? null)
      return createVcJwt(agent, { typ: ACCREDITATION_TYP, kid: keyId, payload })
    }
  }
  return async (payload) => {
    opened ??= open()
    return (await opened)(payload)
  }
}
