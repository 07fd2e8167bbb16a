import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { InteractionResults } from 'oidc-provider'
import { detailedIds, keptDetails, requestedIds } from './as-authorization-details.js'
import { putGrantFacts } from './as-grant-facts.js'
import { COOKIES, LIFETIMES } from './as-lifetimes.js'
import { recordHash, type RecordStore } from './as-record-store.js'
import type { WardGrants } from './minors/ward-grants.js'

/** What a person is asked at the moment. */
export type Interaction = {
  readonly uid: string
  readonly asks: 'login' | 'consent'
  readonly clientId: string
  readonly redirectUri: string
  readonly issuerState: string | null
  readonly attestationJkt: string | null
  /** As the wallet's provider wrote it; `null` for a wallet that nobody vouches for. */
  readonly walletName: string | null
  readonly scopes: readonly string[]
  /** Configurations asked for through `authorization_details`. */
  readonly details: readonly string[]
  /** Who has logged in; `null` before. */
  readonly citizen: string | null
}

export type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** What a person agreed to, and the offer it began with. */
export type ConsentedTo = {
  readonly interaction: Interaction
  readonly offer: string | null
  /** The one ward an offer is about; `null` for all there are. */
  readonly ward: string | null
}

/** The person's part of an authorization: shown and answered by the login pages. */
export type Interactions = {
  /** `undefined` when it has ended or belongs to another browser. */
  interaction(exchange: Exchange): Promise<Interaction | undefined>
  loggedIn(exchange: Exchange, citizen: string): Promise<void>
  /** Grants exactly what the interaction asks for. */
  consented(exchange: Exchange, granted: ConsentedTo): Promise<void>
  /** Sends the person back to the wallet with `access_denied`. */
  refused(exchange: Exchange): Promise<void>
}

export type InteractionParts = {
  readonly provider: Provider
  readonly records: RecordStore
  readonly wards: WardGrants
  readonly issuer: string
}

export function createInteractions(parts: InteractionParts): Interactions {
  const { provider } = parts
  const finish = ({ request, response }: Exchange, result: InteractionResults) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  return {
    interaction: (exchange) => readInteraction(provider, exchange),
    loggedIn(exchange, citizen) {
      forgetSession(exchange)
      return finish(exchange, { login: { accountId: citizen, remember: false } })
    },
    async consented(exchange, granted) {
      const grantId = await saveGrant(parts, granted)
      await finish(exchange, { consent: { grantId } })
    },
    refused: (exchange) =>
      finish(exchange, {
        error: 'access_denied',
        error_description: 'the request was not granted',
      }),
  }
}

/** Whoever has logged in just now begins a session of their own, whatever the browser had. */
function forgetSession({ response }: Exchange): void {
  for (const name of [COOKIES.session, `${COOKIES.session}.sig`]) {
    response.appendHeader('set-cookie', `${name}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT`)
  }
}

async function readInteraction(
  provider: Provider,
  { request, response }: Exchange,
): Promise<Interaction | undefined> {
  const found = await provider.interactionDetails(request, response).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined
    throw error
  })
  if (found === undefined) return undefined
  const { prompt, params, session, uid } = found
  return {
    uid,
    asks: prompt.name === 'login' ? 'login' : 'consent',
    clientId: text(params['client_id']) ?? '',
    redirectUri: text(params['redirect_uri']) ?? '',
    issuerState: text(params['issuer_state']),
    attestationJkt: text(params['attestation_jkt']),
    walletName: text(params['wallet_name']),
    scopes: (text(params['scope']) ?? '').split(' ').filter((scope) => scope !== ''),
    details: requestedIds(params['authorization_details']),
    citizen: session?.accountId ?? null,
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

async function saveGrant(
  { provider, records, wards, issuer }: InteractionParts,
  { interaction, offer, ward }: ConsentedTo,
): Promise<string> {
  const { citizen, clientId, attestationJkt } = interaction
  if (citizen === null) throw new TypeError('nobody has logged in')
  const grant = new provider.Grant({ accountId: citizen, clientId })
  if (interaction.scopes.length > 0) {
    grant.addResourceScope(issuer, interaction.scopes.join(' '))
  }
  const detailed = detailedIds(interaction.details, interaction.scopes.join(' '))
  for (const detail of keptDetails(detailed)) grant.addRar({ ...detail })
  const grantId = await grant.save()
  await putGrantFacts(records, {
    grantId,
    facts: { offer, attestationJkt },
    lifetimeSeconds: LIFETIMES.grant,
    now: new Date(),
  })
  const configurationIds = [...new Set([...interaction.scopes, ...interaction.details])]
  const granted = { grantId: recordHash(grantId), lifetimeSeconds: LIFETIMES.grant }
  await wards.put(granted, { guardian: citizen, ward, configurationIds })
  return grantId
}
