import { NETWORK_CERTIFICATE, epochSeconds } from '@netcert/credential'
import { CANCELLATION_PURPOSE, type PresentedToIssuer } from '@netcert/protocol'
import type { Access } from '../audit/access.js'
import { IssuerError } from '../issuer-error.js'
import { type Cancellation, type CancelParts, cancelPerson } from '../person-cancellation.js'
import type { PresentedCertificates } from '../presented-certificate.js'
import { recordHash } from '../as-record-store.js'
import type { IssuanceStore } from '../vci-issuance-store.js'
import type { NonceMint } from '../vci-nonce.js'

/** Cancelling a person: by an operator, or by the citizen's own word. */
export type ErasureDesk = {
  /**
   * Cancels an enrolled person: nothing of them stays but anonymous status entries and, for the
   * cool-down, what keeps a second enrolment from being a second account. Again for the same
   * person: the same receipt.
   *
   * @throws IssuerError `citizen_unknown` when nobody of that reference is enrolled, nor was lately;
   *   `operator_…`.
   */
  cancel(citizen: string): Promise<Cancellation>
  /**
   * Cancels whoever signed that with a certificate of their own, as the wallet sends it. Again, with
   * any certificate of the same network number: the same receipt.
   *
   * @throws IssuerError `cancellation_nonce`, `cancellation_not_own`, `presentation_…`.
   */
  cancelPresented(presented: PresentedToIssuer): Promise<Cancellation>
  /** Has what was erased leave the database files; `false` when a reader held on to it. */
  finish(): Promise<boolean>
}

export type ErasureDeskParts = CancelParts & {
  readonly presented: PresentedCertificates
  readonly nonces: NonceMint
  readonly issuance: Pick<IssuanceStore, 'useNonce'>
  readonly access: Access
  /** Where citizens' own cancellations arrive, in full. */
  readonly address: string
}

/** The desk at which people are cancelled. */
export function createErasureDesk(parts: ErasureDeskParts): ErasureDesk {
  const { access, receipts } = parts
  return {
    async cancel(citizen) {
      access.require('revoke')
      return cancelPerson(parts, { by: { citizen } })
    },
    cancelPresented: (presented) => cancelPresented(parts, presented),
    finish: () => receipts.finish(),
  }
}

async function cancelPresented(
  parts: ErasureDeskParts,
  { presentation, nonce }: PresentedToIssuer,
): Promise<Cancellation> {
  const { presented, nonces, issuance, receipts, address: audience, clock } = parts
  const end = nonces.endOf(nonce, clock())
  if (end === undefined) throw staleNonce()
  const certificate = await presented.read({
    presentation,
    audience,
    nonce,
    types: [NETWORK_CERTIFICATE],
    purpose: CANCELLATION_PURPOSE,
  })
  const by = { numberTag: certificate.numberTag }
  // The answer to the first try was lost: the same receipt, whatever became of the certificate since.
  const before = await receipts.find(by, clock())
  if (before !== undefined) {
    return { report: null, receipt: before, finished: await receipts.finish() }
  }
  const batch = await presented.standing(certificate)
  if (batch.guardian !== null || certificate.role !== 'self') throw notOwn()
  const used = { hash: recordHash(nonce), expiresAt: epochSeconds(end) }
  return cancelPerson(parts, {
    by,
    actor: { kind: 'citizen' },
    also: (trx) => issuance.useNonce(trx, used),
  })
}

function staleNonce(): IssuerError {
  const text = 'The nonce is not known or too old; take a fresh one and sign again.'
  return new IssuerError('cancellation_nonce', text)
}

function notOwn(): IssuerError {
  return new IssuerError(
    'cancellation_not_own',
    'That certificate is about somebody else; whoever it is about cancels, or an operator does.',
  )
}
