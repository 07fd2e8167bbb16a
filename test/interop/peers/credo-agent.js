import { EventEmitter } from 'node:events'
import {
  Agent,
  ConsoleLogger,
  DidsModule,
  InjectionSymbols,
  KeyDidRegistrar,
  KeyDidResolver,
  Kms,
  LogLevel,
  RecordNotFoundError,
  StorageUpdateService,
  StorageVersionRecord,
} from '@credo-ts/core'
import { OpenId4VcModule } from '@credo-ts/openid4vc'
import { setGlobalConfig } from '@openid4vc/oauth2'
import { NodeKeys } from './credo-keys.js'

setGlobalConfig({ allowInsecureUrls: true })

/**
 * An agent of `@credo-ts/core` with `@credo-ts/openid4vc`. Its Node package of this version and its
 * native store are not to be had, so key management (node:crypto) and storage (a map) are written
 * here; protocol and format are Credo's.
 */
export async function openAgent(openid4vc = {}, more = {}) {
  const keys = new NodeKeys()
  const agent = new Agent({
    config: {
      allowInsecureHttpUrls: true,
      logger: new ConsoleLogger(LogLevel[process.env.CREDO_LOG ?? 'off']),
    },
    dependencies: {
      FileSystem: class {},
      EventEmitterClass: EventEmitter,
      WebSocketClass: class {},
      fetch: globalThis.fetch,
    },
    modules: {
      storage: {
        register: (manager) =>
          manager.registerInstance(InjectionSymbols.StorageService, new RecordMap()),
      },
      kms: new Kms.KeyManagementModule({ backends: [keys] }),
      dids: new DidsModule({
        resolvers: [new KeyDidResolver()],
        registrars: [new KeyDidRegistrar()],
      }),
      openid4vc: new OpenId4VcModule(openid4vc),
      ...more,
    },
  })
  await agent.initialize()
  return agent
}

/** A did:key of the agent's own. */
export async function createDid(agent) {
  const { didState } = await agent.dids.create({
    method: 'key',
    options: { createKey: { type: { kty: 'EC', crv: 'P-256' } } },
  })
  if (didState.state !== 'finished') throw new Error(JSON.stringify(didState))
  const { did } = didState
  return { did, didUrl: `${did}#${did.slice('did:key:'.length)}` }
}

class RecordMap {
  supportsCursorPagination = false
  #records = new Map()

  constructor() {
    // A new storage has nothing to be brought up to date.
    const storageVersion = StorageUpdateService.frameworkStorageVersion
    const record = new StorageVersionRecord({ storageVersion })
    this.#records.set(record.id, record)
  }

  async save(_context, record) {
    this.#records.set(record.id, record.clone())
  }

  async update(_context, record) {
    this.#records.set(record.id, record.clone())
  }

  async delete(_context, record) {
    this.#records.delete(record.id)
  }

  async deleteById(_context, _class, id) {
    this.#records.delete(id)
  }

  async getById(_context, recordClass, id) {
    const record = this.#records.get(id)
    if (record?.type === recordClass.type) return record.clone()
    throw new RecordNotFoundError('not found', { recordType: recordClass.type })
  }

  async getAll(_context, recordClass) {
    return this.#all(recordClass)
  }

  async findByQuery(_context, recordClass, query) {
    return this.#all(recordClass).filter((record) => isMatch(record.getTags(), query))
  }

  #all(recordClass) {
    return [...this.#records.values()]
      .filter(({ type }) => type === recordClass.type)
      .map((record) => record.clone())
  }
}

function isMatch(tags, { $and = [], $or, $not, ...wanted }) {
  if (!$and.every((part) => isMatch(tags, part))) return false
  if ($or !== undefined && !$or.some((part) => isMatch(tags, part))) return false
  if ($not !== undefined && isMatch(tags, $not)) return false
  return Object.entries(wanted).every(([name, value]) => {
    if (value === undefined) return true
    const tag = tags[name]
    if (!Array.isArray(value)) return Array.isArray(tag) ? tag.includes(value) : tag === value
    return Array.isArray(tag) && value.every((it) => tag.includes(it))
  })
}
