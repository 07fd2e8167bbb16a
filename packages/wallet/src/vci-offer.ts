import {
  type CredentialConfiguration,
  type CredentialOffer,
  type IssuerMetadata,
  parseCredentialOffer,
  parseOfferLink,
  PRE_AUTHORIZED_GRANT,
  type TransactionCode,
} from '@netcert/protocol'
import { WalletError } from './errors.js'
import { showableName } from './showable-name.js'
import type { IssuanceGround } from './vci-ground.js'
import { planProofs } from './vci-proofs.js'
import { getJson } from './vci-transport.js'

/** What the citizen is asked on the way from an offer to a certificate. */
export type OfferQuestion =
  /** Before anything is sent anywhere: anybody can make an offer, and asking tells them who asks. */
  | { readonly kind: 'contact'; readonly host: string; readonly why: 'offer' | 'issuer' | 'server' }
  /** Before a code is redeemed or a sign-in begins. */
  | {
      readonly kind: 'receive'
      readonly issuer: string
      readonly authorizationServer: string
      readonly certificates: readonly {
        readonly configurationId: string
        /** As the issuer calls it, in the language or else in its first; not proven. */
        readonly name: { readonly 'zh-CN': string | null; readonly en: string | null }
      }[]
      readonly needs: 'nothing' | 'transaction code' | 'sign-in'
      readonly transactionCode: TransactionCode | null
    }

/** The citizen's answer; everything but `true` stops. */
export type OfferConsent = (question: OfferQuestion) => boolean | Promise<boolean>

/**
 * Reads an offer, from where it lies if the citizen agrees.
 *
 * @throws WalletError `offer_declined`, `issuer_answer`; ProtocolError `offer_malformed`; FetchError
 * @see OpenID4VCI 1.0 §4.1, §15.6
 */
export async function readOffer(
  ground: IssuanceGround,
  link: string,
  consent: OfferConsent,
): Promise<CredentialOffer> {
  const parsed = parseOfferLink(link)
  const asked = parsed.kind === 'reference' ? new URL(parsed.uri).host : null
  if (parsed.kind === 'reference') {
    await agree(consent, { kind: 'contact', host: new URL(parsed.uri).host, why: 'offer' })
  }
  const offer =
    parsed.kind === 'value'
      ? parsed.offer
      : parseCredentialOffer(await getJson(ground, parsed.uri, 'The request for the offer'))
  const { host } = new URL(offer.credential_issuer)
  if (host !== asked) await agree(consent, { kind: 'contact', host, why: 'issuer' })
  return offer
}

/** @throws WalletError `offer_declined` */
export async function agree(consent: OfferConsent, question: OfferQuestion): Promise<void> {
  if ((await consent(question)) === true) return
  throw new WalletError('offer_declined', 'nothing was fetched, because the offer was declined.')
}

/** A wish to receive, once offer and metadata are known. */
export type OfferPlan = {
  readonly configurationIds: readonly string[]
  /** `null`: the citizen signs in instead. */
  readonly preAuthorized: {
    readonly code: string
    readonly transactionCode: TransactionCode | null
  } | null
  readonly issuerState: string | null
}

/**
 * What of an offer this wallet can fetch, and how.
 *
 * @throws WalletError `offer_unsupported`, `key_proof_unsupported`
 */
export function planOffer(
  offer: CredentialOffer,
  metadata: IssuerMetadata,
  isVouchedFor: boolean,
): OfferPlan {
  const known = metadata.credential_configurations_supported
  const readable = offer.credential_configuration_ids.filter(
    (id) => Object.hasOwn(known, id) && known[id]?.format === 'dc+sd-jwt',
  )
  const configurationIds = provable(known, readable, isVouchedFor)
  const preAuthorized = offer.grants?.[PRE_AUTHORIZED_GRANT]
  const signIn = offer.grants?.authorization_code
  // An offer without grants leaves it to the authorization server's metadata: signing in.
  const canSignIn = signIn !== undefined || Object.keys(offer.grants ?? {}).length === 0
  if (configurationIds.length === 0 || (preAuthorized === undefined && !canSignIn)) {
    throw new WalletError(
      'offer_unsupported',
      'the offer has no certificate in a form that this wallet holds, or no way to get it that it ' +
        'knows; ask the issuer for SD-JWT certificates.',
    )
  }
  return {
    configurationIds,
    preAuthorized:
      preAuthorized === undefined
        ? null
        : {
            code: preAuthorized['pre-authorized_code'],
            transactionCode: preAuthorized.tx_code ?? null,
          },
    issuerState: signIn?.issuer_state ?? null,
  }
}

/** Those whose keys can be proved as the issuer wants it. @throws as `planProofs` when none can */
function provable(
  known: IssuerMetadata['credential_configurations_supported'],
  ids: readonly string[],
  isVouchedFor: boolean,
): readonly string[] {
  const fits = (id: string) => {
    const configuration = known[id]
    return configuration !== undefined && canProve(configuration, isVouchedFor)
  }
  const [first = ''] = ids
  const fitting = ids.filter(fits)
  const refused = fitting.length === 0 ? known[first] : undefined
  if (refused !== undefined) planProofs(refused, isVouchedFor)
  return fitting
}

function canProve(configuration: CredentialConfiguration, isVouchedFor: boolean): boolean {
  try {
    planProofs(configuration, isVouchedFor)
    return true
  } catch (error) {
    if (error instanceof WalletError) return false
    throw error
  }
}

/** The question that stands before the first code leaves. */
export function receiveQuestion(
  plan: OfferPlan,
  metadata: IssuerMetadata,
  authorizationServer: string,
): OfferQuestion {
  const transactionCode = plan.preAuthorized?.transactionCode ?? null
  const needed = transactionCode === null ? 'nothing' : 'transaction code'
  return {
    kind: 'receive',
    issuer: metadata.credential_issuer,
    authorizationServer,
    certificates: plan.configurationIds.map((configurationId) => ({
      configurationId,
      name: {
        'zh-CN': nameOf(metadata, configurationId, 'zh'),
        en: nameOf(metadata, configurationId, 'en'),
      },
    })),
    needs: plan.preAuthorized === null ? 'sign-in' : needed,
    transactionCode: transactionCode === null ? null : showable(transactionCode),
  }
}

/** A hint that cannot stand on a screen as it is is left out: the code is asked for all the same. */
function showable({ description, ...code }: TransactionCode): TransactionCode {
  const hint = showableName(description)
  return hint === null ? code : { ...code, description: hint }
}

function nameOf(
  metadata: IssuerMetadata,
  configurationId: string,
  language: 'zh' | 'en',
): string | null {
  const configuration = metadata.credential_configurations_supported[configurationId]
  const display = configuration?.credential_metadata?.display ?? []
  const inLanguage = display.find(({ locale }) => locale?.split('-')[0] === language)
  return showableName((inLanguage ?? display[0])?.name)
}
