import { epochSeconds } from '@netcert/credential'
import type { Access } from '../audit/access.js'
import type { DeviceStore, ListedDevice } from './device-store.js'

/** A device of a citizen, as the operator sees it. */
export type Device = {
  /** `d_…`: what it is suspended and revoked by. */
  readonly device: string
  /** Whether a wallet provider vouches for the wallet. */
  readonly kind: string
  readonly state: 'active' | 'suspended' | 'ended'
  /** Hours. */
  readonly createdAt: Date
  readonly lastIssuedAt: Date
  /** Batches fetched with it that are neither over nor revoked. */
  readonly batches: number
  /** When it was revoked, and why; `null` while it is not. */
  readonly ended: { readonly at: Date; readonly reason: string } | null
}

/** What citizens fetch their certificates with. */
export type Devices = {
  /** Newest first; none for somebody unknown. @throws IssuerError `operator_…` */
  devices(citizen: string): Promise<readonly Device[]>
}

/** Lists devices; `CertificateDesk.setStatus` ends them. */
export function createDevices(parts: {
  readonly store: DeviceStore
  readonly access: Access
  readonly clock: () => Date
}): Devices {
  const { store, access, clock } = parts
  return {
    async devices(citizen) {
      access.require('revoke')
      return (await store.list(citizen, epochSeconds(clock()))).map(deviceOf)
    },
  }
}

function deviceOf(row: ListedDevice): Device {
  const { id, kind, created_at, last_issued_at, suspended_at, ended_at, ended_reason } = row
  return {
    device: id,
    kind,
    state: ended_at !== null ? 'ended' : suspended_at !== null ? 'suspended' : 'active',
    createdAt: new Date(created_at * 1000),
    lastIssuedAt: new Date(last_issued_at * 1000),
    batches: row.batches,
    ended:
      ended_at === null
        ? null
        : { at: new Date(ended_at * 1000), reason: ended_reason ?? 'unspecified' },
  }
}
