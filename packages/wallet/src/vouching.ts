import { epochSeconds, type JsonObject, NETWORK_CERTIFICATE, type Trust } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import {
  GUARDIAN_LINK_SCHEME,
  guardianConsentClaims,
  issuerAddress,
  parseGuardianLink,
  parseRecoveryLink,
  type RecoveryKind,
  recoveryClaims,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { openCopy } from './received-copies.js'
import type { BatchRow, CopyRow, IssuanceStore, WalletStore } from './stores.js'
import type { KeyStore, Vault } from './keys.js'

/** What vouching works with. */
export type VouchingContext = {
  readonly store: WalletStore
  readonly issuanceStore: IssuanceStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly trust: () => Promise<Trust>
  readonly clock: () => Date
}

/** What the citizen says yes to; nobody is named in it. */
export type VouchingQuestion = {
  /** To be somebody's recovery contact, to confirm who applies, to consent as a guardian. */
  readonly kind: RecoveryKind | 'guardian'
  /** Address of the issuer that is told. */
  readonly issuer: string
  /** Reference of the request or the application: to be compared with whoever asks. */
  readonly subject: string
}

export type VouchOptions = {
  /** As it was handed over. */
  readonly link: string
  /** Asked before anything is signed, and never answered by itself. */
  readonly consent: (question: VouchingQuestion) => boolean | Promise<boolean>
}

/** A citizen's word for somebody else, by their own certificate. */
export type Vouching = {
  /**
   * Answers a request of an issuer to a recovery contact or a guardian: a presentation of the
   * citizen's own certificate that shows the network number, says yes to exactly this, and is good
   * for nothing else. It is handed over by the people.
   *
   * @throws ProtocolError `recovery_malformed`, `guardian_consent_malformed`; WalletError
   *   `vouching_impossible`, `consent_refused`, `trust_missing`
   */
  vouch(options: VouchOptions): Promise<string>
}

type Request = VouchingQuestion & { readonly nonce: string; readonly claims: JsonObject }

/** Vouching from a wallet. */
export function createVouching(context: VouchingContext): Vouching {
  return {
    async vouch({ link, consent }) {
      const { nonce, claims, ...question } = readRequest(link)
      const batches = await ownBatches(context, question.issuer)
      if (!(await consent(question))) {
        throw new WalletError('consent_refused', 'nothing was signed; everything is as it was.')
      }
      const copy = await takeCopy(context, batches)
      return createPresentation({
        credential: openCopy(context.vault, copy),
        paths: [['network_number']],
        signer: await context.keyStore.signer(copy.key_alias),
        audience: question.issuer,
        nonce,
        issuedAt: context.clock(),
        keyBindingClaims: claims,
      })
    },
  }
}

function readRequest(link: string): Request {
  if (!link.trim().startsWith(GUARDIAN_LINK_SCHEME)) {
    const { kind, issuer, nonce, subject } = parseRecoveryLink(link)
    return { kind, issuer, nonce, subject, claims: recoveryClaims({ kind, subject }) }
  }
  const { issuer, nonce, application, purposes } = parseGuardianLink(link)
  const claims = guardianConsentClaims({ application, purposes })
  return { kind: 'guardian', issuer, nonce, subject: application, claims }
}

/** The citizen's own network certificates of that issuer; one with a status comes first. */
async function ownBatches(
  { store, trust, clock }: VouchingContext,
  address: string,
): Promise<readonly BatchRow[]> {
  const { issuers } = await trust()
  const batches = (await store.batches(epochSeconds(clock()))).filter((batch) => {
    const entry = issuers.get(batch.issuer)?.entry
    const isOwn = batch.vct === NETWORK_CERTIFICATE && batch.ward_id === null
    return isOwn && entry !== undefined && issuerAddress(entry.statusUriPrefix) === address
  })
  if (batches.length > 0) return batches.toSorted((one, other) => rank(one) - rank(other))
  throw impossible('this wallet holds no network certificate of its own of that issuer')
}

function rank({ kind }: BatchRow): number {
  return kind === 'platform' ? 0 : 1
}

/** A one-time copy is used up by it. */
async function takeCopy(
  { store, issuanceStore, clock }: VouchingContext,
  batches: readonly BatchRow[],
): Promise<CopyRow> {
  const now = epochSeconds(clock())
  for (const { id, kind } of batches) {
    const row = await store.anyCopyOf(id, now)
    if (row === undefined) continue
    if (kind === 'platform') return row
    // Of two calls at once one gets it.
    const reserved = await issuanceStore.reserveCopy(row.id, now, false)
    if (reserved !== undefined) return reserved
  }
  throw impossible('none of its copies is left; run netcert wallet refill')
}

function impossible(problem: string): WalletError {
  return new WalletError('vouching_impossible', `this cannot be confirmed from here: ${problem}.`)
}
