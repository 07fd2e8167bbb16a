import type { NamedSigner, Signer } from '@netcert/credential'
import type { CoolDowns } from '../cool-down.js'
import type { ExpiredRecords } from '../expired-records.js'
import { NETWORK_NUMBER_KEY } from '../identity-keys.js'
import type { IssuerGround } from '../issuer-assembly.js'
import type { IssuerKeys } from '../issuer-keys.js'
import { cancelPerson } from '../person-cancellation.js'
import { createPresentedCertificates } from '../presented-certificate.js'
import { createPresentedStandingStore } from '../presented-standing-store.js'
import type { StatusPlaces } from '../status-places.js'
import type { IssuerStore } from '../store.js'
import { createIssuanceStore } from '../vci-issuance-store.js'
import { createNonceMint } from '../vci-nonce.js'
import { createErasureDesk } from './cancellation-desk.js'
import { createErasureReceiptStore } from './erasure-receipt-store.js'
import { createErasureReceipts } from './erasure-receipts.js'
import { createRetention } from './retention.js'
import { createRetentionStore } from './retention-store.js'
import { retentionSeconds } from './retention-times.js'

/** What cancelling and retention stand on besides the ground. */
export type ErasureAssembly = {
  readonly store: Pick<IssuerStore, 'cancellation'>
  readonly coolDowns: CoolDowns
  readonly keys: Pick<IssuerKeys, 'all'>
  readonly places: Pick<StatusPlaces, 'indexOf' | 'uriOf'>
  /** Of status lists. */
  readonly signer: () => Promise<Signer | NamedSigner>
}

/** Puts together how people are cancelled, and how everything ends by its time. */
export function assembleErasure(ground: IssuerGround, assembly: ErasureAssembly) {
  const { config, database, vault, audit, access, clock } = ground
  const { store, coolDowns, keys, places, signer } = assembly
  const receipts = createErasureReceipts({
    store: createErasureReceiptStore(database),
    database,
    signer,
    vault,
    keptSeconds: retentionSeconds('erasure_receipts', config),
  })
  const tagKey = vault.deriveKey(NETWORK_NUMBER_KEY)
  const standing = createPresentedStandingStore(database)
  const presented = createPresentedCertificates({ keys, places, tagKey, clock, store: standing })
  const erasure = createErasureDesk({
    ...{ store: store.cancellation, coolDowns, receipts, audit, access, vault, clock },
    presented,
    nonces: createNonceMint(vault.deriveKey('netcert/vci/nonce/v1')),
    issuance: createIssuanceStore(database),
    address: `${config.base_url}/cancel`,
  })
  const rows = createRetentionStore(database)
  const retention = createRetention({ store: rows, receipts, audit, config, clock })
  const expired: ExpiredRecords = {
    async forget() {
      await retention.enforce()
    },
  }
  /** For who undoes what they did themselves, and answers for it there. */
  const undoEnrolment = (citizen: string) =>
    cancelPerson(
      { store: store.cancellation, coolDowns, receipts, audit, vault, clock },
      { by: { citizen } },
    )
  return { erasure, retention, expired, presented, undoEnrolment }
}
