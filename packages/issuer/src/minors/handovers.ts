import { epochSeconds } from '@netcert/credential'
import type { Access } from '../audit/access.js'
import type { AuditTrail } from '../audit/audit-trail.js'
import { IssuerError } from '../issuer-error.js'
import type { ConfigurationId } from '../vci-configurations.js'
import type { CreatedOffer, CredentialOffers } from '../vci-offers.js'
import type { HandoverKind, HandoverStore, ListedHandover } from './handover-store.js'

/** Certificates that go to somebody else from a birthday on. */
export type Handover = {
  /** `h_…` */
  readonly handover: string
  readonly kind: HandoverKind
  /** Whom they are about: reference in the authentic source. */
  readonly citizen: string
  /** The guardian they go to; `null` where they go to the person. */
  readonly guardian: string | null
  /** Beginning of the month: the day would be a birthday. */
  readonly dueMonth: Date
  readonly offeredAt: Date | null
}

/** Lists what is to be handed over. */
export type Handovers = {
  /** Those not offered yet, or all of them. @throws IssuerError `operator_…` */
  list(options?: { readonly all?: boolean }): Promise<readonly Handover[]>
  /**
   * Makes the offer of one to whom it goes, once; `undefined` when it was made already.
   *
   * @throws IssuerError `handover_unknown`, `operator_…`; as `createOffer`.
   */
  offer(
    handover: string,
    offers: Pick<CredentialOffers, 'createOffer'>,
  ): Promise<CreatedOffer | undefined>
}

export type HandoverParts = {
  readonly store: HandoverStore
  readonly audit: AuditTrail
  readonly access: Access
  readonly clock: () => Date
}

const TYPES: Readonly<Record<HandoverKind, readonly ConfigurationId[]>> = {
  own: ['network-certificate', 'network-certificate-platform', 'gate-pass'],
  grown: ['network-certificate', 'network-certificate-platform', 'gate-pass'],
  guardianship: ['guardianship'],
}

/** What birthdays left to be handed over. */
export function createHandovers(parts: HandoverParts): Handovers {
  const { store, access } = parts
  return {
    async list({ all = false } = {}) {
      access.require('enrol')
      return (await store.list({ all })).map(handoverOf)
    },
    offer: (id, offers) => offerOne(parts, id, offers),
  }
}

async function offerOne(
  { store, audit, access, clock }: HandoverParts,
  id: string,
  offers: Pick<CredentialOffers, 'createOffer'>,
): Promise<CreatedOffer | undefined> {
  access.require('enrol')
  const found = (await store.list({ all: true })).find((row) => row.id === id)
  if (found === undefined) {
    const text = 'There is no such handover; netcert guardian handovers lists those that are due.'
    throw new IssuerError('handover_unknown', text)
  }
  if (found.offered_at !== null) return undefined
  const { kind, citizen, guardian } = handoverOf(found)
  // Whoever it goes to is not here: the offer waits a day, and they sign in to take it up.
  const offer = await offers.createOffer({
    citizen,
    guardian,
    types: TYPES[kind],
    grant: 'authorization-code',
  })
  const taken = await audit.record(async (trx) => {
    const result = await store.setOffered(trx, id, epochSeconds(clock()))
    const details = { kind }
    const event = { event: 'handover_offered' as const, subject: found.person, details }
    return { result, event: result ? event : null }
  })
  // Somebody else was faster: theirs is the one, and nobody was told of this.
  return taken ? offer : undefined
}

function handoverOf(row: ListedHandover): Handover {
  return {
    handover: row.id,
    kind: row.kind as HandoverKind,
    citizen: row.citizen,
    guardian: row.guardian === '' ? null : row.guardian,
    dueMonth: new Date(row.due_at * 1000),
    offeredAt: row.offered_at === null ? null : new Date(row.offered_at * 1000),
  }
}
