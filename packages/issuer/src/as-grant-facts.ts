import { epochSeconds } from '@netcert/credential'
import { recordEnd, type RecordStore } from './as-record-store.js'

/** What we keep about a grant beside what the library does. */
export type GrantFacts = {
  /** The offer this began with. */
  readonly offer: string | null
  /** Thumbprint of the attested wallet's key: tokens of the grant go to that wallet only. */
  readonly attestationJkt: string | null
}

const MODEL = 'GrantFacts'

/** Keeps what is to be known of a grant as long as the grant lives. */
export async function putGrantFacts(
  records: RecordStore,
  options: {
    readonly grantId: string
    readonly facts: GrantFacts
    readonly lifetimeSeconds: number
    readonly now: Date
  },
): Promise<void> {
  const { grantId, facts, lifetimeSeconds, now } = options
  const end = recordEnd(epochSeconds(now), lifetimeSeconds)
  await records.put({ model: MODEL, id: grantId }, facts, end)
}

/** What was kept of a grant; nulls for one of which nothing was. */
export async function getGrantFacts(records: RecordStore, grantId: string): Promise<GrantFacts> {
  const found = await records.get({ model: MODEL, id: grantId })
  const { offer, attestationJkt } = found?.content ?? {}
  return {
    offer: typeof offer === 'string' ? offer : null,
    attestationJkt: typeof attestationJkt === 'string' ? attestationJkt : null,
  }
}
