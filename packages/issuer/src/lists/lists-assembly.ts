import type { ExpiredRecords } from '../expired-records.js'
import type { IssuerGround } from '../issuer-assembly.js'
import type { IssuerKeys } from '../issuer-keys.js'
import { type IssuerSigners, openPackSigner } from '../issuer-signers.js'
import type { Birthdays } from '../minors/birthdays.js'
import type { PublicationParts } from '../publication.js'
import { registrarPublication } from '../registrar-parts.js'
import type { StatusPlaces } from '../status-places.js'
import type { IssuerStore } from '../store.js'
import type { TrustListFacts } from '../trust-list-content.js'
import { createKeyDesk } from './key-desk.js'
import { createListsDesk } from './lists-desk.js'
import { createPackDesk } from '../offline-pack/pack-desk.js'
import type { TickWork } from './publication-steps.js'
import { activeRoot } from './root-rotation.js'

/** What lists and keys stand on besides the ground. */
export type ListsGround = {
  readonly store: IssuerStore
  readonly keys: IssuerKeys
  readonly facts: () => Promise<TrustListFacts>
  readonly createdAt: Date
  readonly birthdays: Birthdays
  readonly places: StatusPlaces
  readonly signers: Pick<IssuerSigners, 'status'>
  readonly expired: ExpiredRecords
  /** Work of the others at each tick, before the lists say what came of it. */
  readonly tickWork: readonly TickWork[]
}

/** Puts together what is published, what is looked at, and the desk of the keys. */
export function assembleLists(ground: IssuerGround, parts: ListsGround) {
  const { config, folder, vault, keyStore, signatures, audit, access, clock } = ground
  const { store, keys, facts, createdAt, birthdays, places, signers, expired, tickWork } = parts
  const { batches, lists, published } = store
  const registrar = registrarPublication(ground, keys)
  const root = () => activeRoot({ keys, rootDid: ground.rootDid })
  const publication: PublicationParts = {
    ...{ birthdays, batches, places, clock, lists, facts, published, registrar, expired, tickWork },
    ...{ audit, signatures, root, secrets: folder.secrets, keys: store.issuerKeys },
    tickSeconds: config.publish_tick_minutes * 60,
    signer: signers.status,
    statistics: { persons: store.persons, vault, clock },
    packs: { store: store.packs, folder: folder.packs },
  }
  const examination = {
    ...{ folder, keyStore, keys, store, signatures, facts, clock, registrar },
  }
  const desk = createKeyDesk({
    ...{ keys, store: store.issuerKeys, keyStore, folder, config, clock, audit, access, createdAt },
    ...{ rootDid: ground.rootDid, requestKeys: ground.requestKeys },
  })
  const standing = {
    ...{ lists, published, registrar, clock, issuerKeys: keys, signatures },
    packs: store.packs,
  }
  return {
    ...{ publication, examination, keys: desk },
    packs: createPackDesk({
      ...{ publication, keys, store: store.packs, folder: folder.packs },
      signer: (alias) => openPackSigner(keyStore, alias),
    }),
    lists: createListsDesk(publication, standing),
  }
}
