import type { Adapter, AdapterPayload } from 'oidc-provider'
import { recordEnd, type RecordStore } from './as-record-store.js'
import { isClientId, walletClient } from './as-wallet-client.js'

export type RecordAdapterOptions = {
  readonly records: RecordStore
  /** The error for a record of that model which somebody else used first. */
  readonly usedBefore: (model: string) => Error
}

/** Models whose records count exactly once. */
const SINGLE: ReadonlySet<string> = new Set(['ReplayDetection'])

/**
 * What the authorization server's library keeps, on our database.
 *
 * The library looks and then writes; two requests could pass between the two. Here consuming is
 * one conditional statement and a replay is one insert, and whoever comes second gets an error.
 */
export function createRecordAdapter(options: RecordAdapterOptions): (model: string) => Adapter {
  return (model) => (model === 'Client' ? clientAdapter() : modelAdapter(model, options))
}

function modelAdapter(model: string, { records, usedBefore }: RecordAdapterOptions): Adapter {
  const content = (found: Awaited<ReturnType<RecordStore['get']>>): AdapterPayload | undefined => {
    if (found === undefined) return undefined
    const consumed = found.consumedAt === null ? {} : { consumed: found.consumedAt }
    return { ...found.content, ...consumed } as AdapterPayload
  }
  return {
    async upsert(id, payload, expiresIn) {
      const end = recordEnd(systemSeconds(), expiresIn)
      if (!SINGLE.has(model)) return records.put({ model, id }, payload, end)
      if (!(await records.putOnce({ model, id }, end))) throw usedBefore(model)
    },
    find: async (id) => content(await records.get({ model, id })),
    findByUid: async (uid) => content(await records.getByUid(model, uid)),
    // There is no device flow.
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      if (!(await records.consume({ model, id }, systemSeconds()))) throw usedBefore(model)
    },
    destroy: (id) => records.remove({ model, id }),
    revokeByGrantId: (grantId) => records.removeByGrant(model, grantId),
  }
}

/** Wallets are not registered: any name is a client, and what it may do is the same for all. */
function clientAdapter(): Adapter {
  const nothing = () => Promise.resolve(undefined)
  return {
    find: (id) => Promise.resolve(isClientId(id) ? walletClient(id) : undefined),
    findByUid: nothing,
    findByUserCode: nothing,
    upsert: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  }
}

/** The library judges ends by the system's clock, so its records are dated by it too. */
function systemSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
