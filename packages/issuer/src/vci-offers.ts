import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import {
  type CredentialOffer,
  createOfferLink,
  type OfferScheme,
  PRE_AUTHORIZED_GRANT,
  type TransactionCode,
} from '@netcert/protocol'
import type { AlsoRecorded } from './audit/audit-trail.js'
import { createAttemptLimits } from './attempt-limits.js'
import type { OfferBook, OfferRedemption, RedeemOptions } from './as-offers.js'
import { IssuerError } from './issuer-error.js'
import { createReference } from './reference.js'
import { assertHolder, type HolderRules, holderOf } from './minors/offer-holder.js'
import { assertConfigurationIds } from './vci-configurations.js'
import { type OfferStore, type StoredOffer, WRONG_CODES_ALLOWED } from './vci-offer-store.js'
import { assertTransactionCode } from './vci-transaction-code.js'

/** Pre-authorized codes are short-lived (OpenID4VCI 1.0 §4.1.1). */
const PRE_AUTHORIZED_SECONDS = 600
const AUTHORIZATION_SECONDS = 86_400

export type CreateOfferOptions = {
  /** Whom they are about: reference in the authentic source; `null` leaves it to the login of the authorization grant. */
  readonly citizen: string | null
  /** Who is to hold the certificates where they are about a ward; `null` leaves it to the login. */
  readonly guardian?: string | null
  /** Configuration ids: of the person's own certificates, or of those about a ward. */
  readonly types: readonly string[]
  readonly grant: 'pre-authorized' | 'authorization-code'
  /** The certificates come by the deferred endpoint. */
  readonly deferred?: boolean
  /** `generate` draws one; one of one's own choice is taken only at an issuer on this machine. */
  readonly txCode?: string | null
  /** The offer itself in the link (default), or where it is fetched. */
  readonly by?: 'value' | 'reference'
  /** Scheme of the link, or a wallet's own offer endpoint. */
  readonly start?: OfferScheme | (string & {})
  /** Commits with the offer, and is told its name. */
  readonly also?: (trx: Parameters<AlsoRecorded>[0], offer: string) => Promise<void>
}

export type CreatedOffer = {
  /** Name of the offer in the issuer's tables. */
  readonly offer: string
  readonly offerUri: string
  /** To be told to the citizen by another way than the offer. */
  readonly txCode: string | null
  readonly expiresAt: Date
}

/** Credential offers: making, showing and redeeming them. */
export type CredentialOffers = OfferBook & {
  /**
   * @throws IssuerError `type_unknown`, `citizen_unknown`, `tx_code_choice`, `offer_mixed`,
   *   `guardian_…` and `age_not_allowed` where it is about a ward.
   */
  createOffer(options: CreateOfferOptions): Promise<CreatedOffer>
  /** The offer a reference names, until it is redeemed or over. */
  offerDocument(reference: string): Promise<CredentialOffer | undefined>
  /** Whether the certificates of an offer are issued deferred. */
  isDeferred(offer: string): Promise<boolean>
}

export type CredentialOffersParts = HolderRules & {
  readonly store: OfferStore
  readonly vault: Vault
  readonly baseUrl: string
  readonly clock: () => Date
}

/** Offers with codes that work once; of a code only its hash is kept. */
export function createCredentialOffers(parts: CredentialOffersParts): CredentialOffers {
  const { store, clock } = parts
  const keys = offerKeys(parts.vault)
  const byAddress = createAttemptLimits({ attempts: 60, seconds: 60 })
  const byCode = createAttemptLimits({ attempts: 20, seconds: 60 })
  return {
    createOffer: (options) => createOffer(parts, keys, options),
    async offerDocument(reference) {
      const offer = await store.getByReference(hashOf(reference))
      const at = epochSeconds(clock())
      if (offer === undefined || offer.expires_at <= at || offer.redeemed_at !== null) return
      return document(parts.baseUrl, offer, secretOf(keys, reference))
    },
    isDeferred: async (id) => (await store.get(id))?.deferred === 1,
    async redeemPreAuthorizedCode(options) {
      const now = clock()
      const mayTry = byAddress.take(options.address, now) && byCode.take(hashOf(options.code), now)
      if (!mayTry) {
        throw new IssuerError('offer_busy', 'Codes were tried too often from here; wait a minute.')
      }
      const redeemed = await redeem(store, keys, options, epochSeconds(now))
      // Many people may come from one address; only guessing is slowed down.
      byAddress.giveBack(options.address)
      return redeemed
    },
    async findByIssuerState(issuerState) {
      const offer = await store.getByState(hashOf(issuerState))
      if (offer === undefined || offer.expires_at <= epochSeconds(clock())) return undefined
      const configurationIds = idsOf(offer)
      const { holder: citizen, ward } = holderOf(offer, configurationIds)
      return { offer: offer.id, citizen, ward, configurationIds }
    },
  }
}

type OfferKeys = { readonly secret: Uint8Array; readonly transaction: Uint8Array }

function offerKeys(vault: Vault): OfferKeys {
  return {
    secret: vault.deriveKey('netcert/vci/offer-secret/v1'),
    transaction: vault.deriveKey('netcert/vci/transaction-code/v1'),
  }
}

/**
 * The code or state of an offer follows from its reference: whoever has the database alone can make
 * neither, and nothing of both stands there in clear.
 */
function secretOf(keys: OfferKeys, reference: string): string {
  return createHmac('sha256', keys.secret).update(reference).digest('base64url')
}

/** Codes hold 128 random bits and more, so a plain hash gives nothing away. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function txHashOf(keys: OfferKeys, codeHash: string, txCode: string): string {
  return createHmac('sha256', keys.transaction).update(`${codeHash}|${txCode}`).digest('base64url')
}

async function createOffer(
  parts: CredentialOffersParts,
  keys: OfferKeys,
  options: CreateOfferOptions,
): Promise<CreatedOffer> {
  const { store, baseUrl, clock } = parts
  const ids = assertConfigurationIds(options.types)
  const preAuthorized = options.grant === 'pre-authorized'
  await assertHolder(parts, options, ids)
  const txCode = preAuthorized ? chooseTransactionCode(options.txCode ?? null, baseUrl) : null
  const reference = randomBytes(24).toString('base64url')
  const secret = secretOf(keys, reference)
  const secretHash = hashOf(secret)
  const at = epochSeconds(clock())
  const expiresAt = at + (preAuthorized ? PRE_AUTHORIZED_SECONDS : AUTHORIZATION_SECONDS)
  const row: StoredOffer = {
    id: createReference('o'),
    reference_hash: hashOf(reference),
    code_hash: preAuthorized ? secretHash : null,
    state_hash: preAuthorized ? null : secretHash,
    tx_hash: txCode === null ? null : txHashOf(keys, secretHash, txCode),
    tx_form: txCode === null ? null : JSON.stringify(formOf(txCode)),
    citizen: options.citizen,
    guardian: options.guardian ?? null,
    configuration_ids: JSON.stringify(ids),
    deferred: options.deferred === true ? 1 : 0,
    guesses: 0,
    expires_at: expiresAt,
    redeemed_at: null,
  }
  await store.put(row, async (trx) => options.also?.(trx, row.id))
  const link =
    options.by === 'reference'
      ? ({ kind: 'reference', uri: `${baseUrl}/offers/${reference}` } as const)
      : ({ kind: 'value', offer: document(baseUrl, row, secret) } as const)
  const offerUri = createOfferLink(link, options.start)
  return { offer: row.id, offerUri, txCode, expiresAt: new Date(expiresAt * 1000) }
}

function chooseTransactionCode(wish: string | null, baseUrl: string): string | null {
  if (wish === null) return null
  if (wish === 'generate') return String(randomInt(1_000_000)).padStart(6, '0')
  assertTransactionCode(wish, baseUrl)
  return wish
}

function formOf(txCode: string): TransactionCode {
  const input_mode = /^\d+$/.test(txCode) ? 'numeric' : 'text'
  return { input_mode, length: txCode.length }
}

/** The offer as a wallet reads it (OpenID4VCI 1.0 §4.1.1); nothing about the person is in it. */
function document(baseUrl: string, offer: StoredOffer, secret: string): CredentialOffer {
  const form = offer.tx_form === null ? null : (JSON.parse(offer.tx_form) as TransactionCode)
  const grants =
    offer.code_hash === null
      ? { authorization_code: { issuer_state: secret } }
      : {
          [PRE_AUTHORIZED_GRANT]: {
            'pre-authorized_code': secret,
            ...(form === null ? {} : { tx_code: form }),
          },
        }
  return {
    credential_issuer: baseUrl,
    credential_configuration_ids: [...idsOf(offer)],
    grants,
  }
}

async function redeem(
  store: OfferStore,
  keys: OfferKeys,
  { code, txCode }: RedeemOptions,
  at: number,
): Promise<OfferRedemption> {
  const codeHash = hashOf(code)
  const txHash = txCode === undefined ? null : txHashOf(keys, codeHash, txCode)
  const offer = await store.redeem({ codeHash, txHash, at })
  if (offer === undefined) throw refusalOf(await store.getByCode(codeHash), txHash, at)
  if (offer.redeemed_at === null) {
    throw new IssuerError('tx_code_wrong', 'The transaction code is wrong; look at it again.')
  }
  const configurationIds = idsOf(offer)
  const { holder, ward } = holderOf(offer, configurationIds)
  if (holder === null) throw new TypeError('a pre-authorized offer is for somebody')
  return { offer: offer.id, citizen: holder, ward, configurationIds }
}

function refusalOf(offer: StoredOffer | undefined, txHash: string | null, at: number): IssuerError {
  const anew = 'ask the issuer for a new offer'
  if (offer === undefined) {
    return new IssuerError('pre_authorized_code_invalid', `The code is not known; ${anew}.`)
  }
  if (offer.redeemed_at !== null || offer.guesses >= WRONG_CODES_ALLOWED) {
    return new IssuerError('pre_authorized_code_used', `The code is used up; ${anew}.`)
  }
  if (offer.expires_at <= at) {
    return new IssuerError('pre_authorized_code_expired', `The code has expired; ${anew}.`)
  }
  if (offer.tx_hash !== null && txHash === null) {
    return new IssuerError('tx_code_missing', 'The offer needs its transaction code; send it too.')
  }
  return new IssuerError('tx_code_unexpected', 'The offer has no transaction code; send none.')
}

function idsOf(offer: StoredOffer): readonly string[] {
  return JSON.parse(offer.configuration_ids) as string[]
}
