import { type JsonObject, resolveDidKey } from '@netcert/credential'
import { ACCREDITATION_TYP } from '@netcert/protocol'
import type { AccreditingParts } from './accrediting.js'
import { createAccreditationStore } from './accreditation-store.js'
import { issuerDids, type IssuerGround } from './issuer-assembly.js'
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
  const { database, config, clock, keyStore } = ground
  const { registrar } = await issuerDids(keyStore)
  return new Registrar({
    platforms: createPlatformStore(database),
    accreditations: createAccreditationStore(database),
    clock,
    baseUrl: config.base_url,
    registrar,
    sign: vcJwtSigner(ground, registrar),
  })
}

/** Veramo costs half a second: it is loaded when there is something to sign, and kept. */
function vcJwtSigner(
  { database, keyStore, clock }: IssuerGround,
  registrar: string,
): AccreditingParts['sign'] {
  const { keyId } = resolveDidKey(registrar)
  let opened: Promise<(payload: JsonObject) => Promise<string>> | undefined
  const open = async (): Promise<(payload: JsonObject) => Promise<string>> => {
    const { createNetcertAgent, createVcJwt } = await import('@netcert/agent/veramo')
    const agent = createNetcertAgent({ database, keyStore, clock })
    return (payload) => createVcJwt(agent, { typ: ACCREDITATION_TYP, kid: keyId, payload })
  }
  return async (payload) => {
    opened ??= open()
    return (await opened)(payload)
  }
}
