import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { EventEmitter } from 'node:events'
import {
  Agent,
  DidsModule,
  InjectionSymbols,
  KeyDidRegistrar,
  KeyDidResolver,
  Kms,
} from '@credo-ts/core'

const P1363 = 'ieee-p1363'

/**
 * `@credo-ts/core` as an agent. Its own Node package of this version and its native store are not
 * to be had, so key management (synchronous node:crypto, keys imported once) and storage (a map)
 * are written here, which makes it faster than it would be with them. It insists on a `kid` in the
 * issuer's header, which netcert leaves out, so it verifies certificates that it issued itself.
 */
export async function open(material) {
  const { audience, nonce } = material
  const short = await openAgent(material, material.lists.short)
  const long = await openAgent(material, material.lists.long)

  const verifyWith =
    (agent) =>
    async (presentation, expected = nonce) => {
      const result = await agent.sdJwtVc.verify({
        compactSdJwtVc: presentation,
        keyBinding: { audience, nonce: expected },
        requiredClaimKeys: material.requiredClaims,
      })
      if (!result.isValid) throw result.error
      return result.sdJwtVc.prettyClaims
    }
  const holders = material.holders.map(({ publicJwk }) => Kms.PublicJwk.fromUnknown(publicJwk))
  const issue = async (index) => {
    const { vct, exp } = material.visible
    const { compact } = await short.sdJwtVc.sign({
      payload: { vct, exp, status: material.status(index), ...material.claims() },
      holder: { method: 'jwk', jwk: holders[index % holders.length] },
      issuer: { method: 'did', didUrl: material.issuer.keyId },
      disclosureFrame: material.frame,
    })
    return compact
  }
  const present = (index, compact) =>
    short.sdJwtVc.present({
      sdJwtVc: { compact, kmsKeyId: `holder-${index % holders.length}` },
      presentationFrame: material.presentationFrame,
      verifierMetadata: { audience, nonce, issuedAt: Math.floor(Date.now() / 1000) },
    })
  const credentials = []
  const presentations = []
  for (let index = 0; index < holders.length; index += 1) {
    credentials.push(await issue(index))
    presentations.push(await present(index, credentials[index]))
  }
  return {
    ask: verifyWith(short),
    sample: () => presentations[0],
    verify: (index) => verifyWith(short)(presentations[index % presentations.length]),
    verifyLong: (index) => verifyWith(long)(presentations[index % presentations.length]),
    issue,
    async issueTen(index) {
      for (let copy = 0; copy < 10; copy += 1) await issue(index + copy)
    },
    present: (index) => present(index, credentials[index % credentials.length]),
  }
}

async function openAgent(material, list) {
  const keys = new Map([['issuer', material.issuer]])
  material.holders.forEach((holder, index) => keys.set(`holder-${index}`, holder))
  const agent = new Agent({
    config: {},
    dependencies: {
      FileSystem: class {},
      EventEmitterClass: EventEmitter,
      WebSocketClass: class {},
      fetch: async () => new Response(list),
    },
    modules: {
      storage: {
        register: (manager) =>
          manager.registerInstance(InjectionSymbols.StorageService, new RecordMap()),
      },
      kms: new Kms.KeyManagementModule({ backends: [new NodeKeys(keys)] }),
      dids: new DidsModule({
        resolvers: [new KeyDidResolver()],
        registrars: [new KeyDidRegistrar()],
      }),
    },
  })
  const { did, keyId } = material.issuer
  const relative = keyId.slice(keyId.indexOf('#'))
  await agent.dids.import({
    did,
    keys: [{ kmsKeyId: 'issuer', didDocumentRelativeKeyId: relative }],
  })
  return agent
}

/** Key management on node:crypto: signing, verifying and random bytes, ES256 only. */
class NodeKeys {
  backend = 'node'
  #privateKeys = new Map()
  #publicJwks = new Map()

  constructor(keys) {
    for (const [id, { privateJwk, publicJwk }] of keys) {
      this.#privateKeys.set(id, createPrivateKey({ key: privateJwk, format: 'jwk' }))
      this.#publicJwks.set(id, { ...publicJwk, kid: id })
    }
  }

  isOperationSupported(_context, { operation }) {
    return operation === 'sign' || operation === 'verify' || operation === 'randomBytes'
  }

  async getPublicKey(_context, id) {
    return this.#publicJwks.get(id) ?? null
  }

  async sign(_context, { keyId, data }) {
    const key = this.#privateKeys.get(keyId)
    return { signature: new Uint8Array(sign('sha256', data, { key, dsaEncoding: P1363 })) }
  }

  async verify(_context, { key: { publicJwk }, data, signature }) {
    const key = createPublicKey({ key: publicJwk, format: 'jwk' })
    const verified = verify('sha256', data, { key, dsaEncoding: P1363 }, signature)
    return verified ? { verified, publicJwk } : { verified }
  }

  randomBytes(_context, { length }) {
    return new Uint8Array(randomBytes(length))
  }
}

/** The one record that is stored is the issuer's DID; a query for another DID finds nothing. */
class RecordMap {
  supportsCursorPagination = false
  #records = new Map()

  async save(_context, record) {
    this.#records.set(record.id, record)
  }

  async findByQuery(_context, recordClass, query) {
    const dids = (query.$or ?? []).flatMap(({ did }) => did ?? [])
    return [...this.#records.values()].filter(
      (record) => record.type === recordClass.type && dids.includes(record.did),
    )
  }
}
