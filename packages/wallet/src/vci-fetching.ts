import type { OwnKey } from './keys.js'
import { epochSeconds, type Trust } from '@netcert/credential'
import type { CredentialConfiguration, IssuedResponse } from '@netcert/protocol'
import { summaryOf, type CertificateSummary } from './certificate-summary.js'
import { WalletError } from './errors.js'
import { type GrantedRequest, sealRecord } from './issuance-records.js'
import { randomId } from './ledger.js'
import { resumed, whilePaused } from './paused-issuing.js'
import { judgeCopies } from './platform-copy-check.js'
import type { PlatformBlinding } from './platform-holding.js'
import { settlePlatformCopy, wishOf } from './platform-holdings.js'
import { checkReceived, duplicate, rowsOf } from './received-copies.js'
import { type CredentialAnswer, exchange, fetchNonce } from './vci-exchange.js'
import type { OpenGrant } from './vci-grant.js'
import type { IssuanceGround } from './vci-ground.js'
import { notify } from './vci-notification.js'
import { createCopyKeys, createProofs, planProofs } from './vci-proofs.js'
import { IssuerRefusal } from './vci-refusals.js'

/** A nonce may be old when it arrives, but not again and again. */
const MOST_NONCES = 3

/** What came of a request for one certificate. */
export type Fetched =
  | { readonly kind: 'received'; readonly certificate: CertificateSummary }
  | { readonly kind: 'deferred'; readonly configurationId: string; readonly retryAt: Date }

/**
 * Fetches one certificate by a grant: keys on disk, proofs, request, and each copy verified before
 * any is stored.
 *
 * @param blinding - For the one copy of a platform: of it the issuer sees a random point.
 * @throws WalletError; CredentialError, ProtocolError, FetchError. The keys are forgotten then.
 */
export async function fetchCertificate(
  ground: IssuanceGround,
  grant: OpenGrant,
  request: GrantedRequest,
  blinding?: PlatformBlinding,
): Promise<Fetched> {
  const configuration = configurationOf(grant, request.configurationId)
  // Asked first: what cannot be judged is not asked for, since issuers answer once.
  const trust = await ground.trust()
  const since = epochSeconds(ground.clock())
  const keys = await createCopyKeys(ground, request.copies)
  const aliases = keys.map(({ alias }) => alias)
  try {
    const answer = await ask(ground, grant, { request, configuration, keys, blinding })
    if (answer.kind === 'deferred') {
      return await putOff(ground, grant, { request, aliases, blinding, answer: answer.answer })
    }
    const { answer: issued } = answer
    const taken = await takeIn(ground, grant, { request, aliases, trust, blinding, answer: issued })
    await resumed(ground, { grant, request }, since)
    return taken
  } catch (error) {
    await forgetUnusedKeys(ground, aliases)
    throw await whilePaused(ground, { grant, request }, error)
  }
}

async function ask(
  ground: IssuanceGround,
  grant: OpenGrant,
  options: {
    readonly request: GrantedRequest
    readonly configuration: CredentialConfiguration
    readonly keys: readonly OwnKey[]
    readonly blinding: PlatformBlinding | undefined
  },
): Promise<CredentialAnswer> {
  const { request, configuration, keys, blinding } = options
  const blinded = blinding === undefined ? {} : { platform_number_blinded: blinding.b }
  const { metadata, client } = grant
  const plan = planProofs(configuration, ground.provider !== null)
  for (let nonces = 1; ; nonces += 1) {
    const nonce = await fetchNonce(ground, metadata)
    const issuer = metadata.credential_issuer
    const { clientId } = client.party
    const proofs = await createProofs(ground, { plan, keys, issuer, clientId, nonce })
    try {
      return await grant.withToken((accessToken) => {
        if (!grant.brings(request)) throw wardEnded()
        const { credential_endpoint: endpoint } = metadata
        const body = { ...nameOf(request), ...blinded, proofs }
        return exchange(client, { metadata, endpoint, accessToken, request: body })
      })
    } catch (error) {
      const isOldNonce = error instanceof IssuerRefusal && error.error === 'invalid_nonce'
      if (!isOldNonce || nonce === null || nonces === MOST_NONCES) throw error
    }
  }
}

/** By identifier where the token came with some, else by configuration: never both (§8.2). */
function nameOf({ configurationId, credentialIdentifier }: GrantedRequest): object {
  return credentialIdentifier === null
    ? { credential_configuration_id: configurationId }
    : { credential_identifier: credentialIdentifier }
}

/** What an issuer sent, and what for. */
type Received = {
  readonly request: GrantedRequest
  readonly aliases: readonly string[]
  readonly trust: Trust
  readonly blinding: PlatformBlinding | undefined
  readonly answer: IssuedResponse
}

/**
 * Takes in what an issuer sent for a request. The issuer is told how that went.
 *
 * @throws WalletError `certificate_unasked`, `key_foreign`, as `checkReceived`; CredentialError
 */
export async function takeIn(
  ground: IssuanceGround,
  grant: OpenGrant,
  options: Received,
): Promise<Extract<Fetched, { kind: 'received' }>> {
  const { request, aliases, blinding, answer } = options
  const stored = await store(ground, grant, options).catch(async (error: unknown) => {
    await notify(grant, answer.notification_id, 'credential_failure')
    throw error
  })
  // A platform's copy is renewed by itself, and none of the grant's own.
  if (blinding === undefined) await grant.addBatch(request, stored.summary)
  if (answer.notification_id !== undefined) {
    await ground.issuanceStore.put(
      sealRecord(ground.vault, {
        id: randomId(),
        kind: 'notification',
        content: { grant: grant.id, notificationId: answer.notification_id },
        batchId: stored.id,
        expiresAt: epochSeconds(stored.expiresAt),
      }),
    )
  }
  await notify(grant, answer.notification_id, 'credential_accepted')
  // The issuer may sign fewer copies than there were keys.
  await forgetUnusedKeys(ground, aliases)
  return { kind: 'received', certificate: stored.summary }
}

async function store(ground: IssuanceGround, grant: OpenGrant, options: Received) {
  const { request, aliases, trust, blinding, answer } = options
  const now = ground.clock()
  const { vct } = configurationOf(grant, request.configurationId)
  const credentials = answer.credentials.map(({ credential }) => credential)
  const copies = await checkReceived({ credentials, store: ground.store, trust, now })
  const isAsked = copies.every(
    ({ held, keyAlias }) => held.vct === vct && aliases.includes(keyAlias),
  )
  if (!isAsked) throw unasked()
  const { ward } = request
  const about = ward === undefined ? {} : { ward }
  const { kind, numberTag } = await judgeCopies(ground, { copies, blinding, grant: grant.id })
  const { vault } = ground
  const platform = blinding && { platformId: blinding.platformId, r: blinding.r, ...about }
  const { batch, rows } = rowsOf(copies, {
    ...{ kind, vault, now, ...about },
    ...(platform === undefined ? {} : { platform }),
  })
  if (!(await ground.store.putBatch(batch, rows))) throw duplicate()
  const summary = summaryOf({ ...batch, copies: rows.length, remaining: rows.length })
  const { id, expiresAt } = summary
  if (blinding !== undefined && numberTag !== null) {
    const wish = wishOf(blinding)
    const presenceUri = grant.metadata.netcert_presence_uri ?? null
    const settled = { wish, grant: grant.id, numberTag, presenceUri, batch }
    await settlePlatformCopy(ground, settled)
  }
  return { id, expiresAt, summary }
}

async function putOff(
  ground: IssuanceGround,
  grant: OpenGrant,
  options: {
    readonly request: GrantedRequest
    readonly aliases: readonly string[]
    readonly blinding: PlatformBlinding | undefined
    readonly answer: Extract<CredentialAnswer, { kind: 'deferred' }>['answer']
  },
): Promise<Fetched> {
  const { request, aliases, blinding, answer } = options
  const { configurationId, credentialIdentifier, ward } = request
  const dueAt = epochSeconds(ground.clock()) + answer.interval
  await ground.issuanceStore.put(
    sealRecord(ground.vault, {
      id: randomId(),
      kind: 'deferred',
      content: {
        grant: grant.id,
        transactionId: answer.transaction_id,
        configurationId,
        credentialIdentifier,
        keyAliases: aliases,
        intervalSeconds: answer.interval,
        ...(blinding === undefined ? {} : { blinding }),
        ...(ward === undefined ? {} : { ward }),
      },
      dueAt,
    }),
  )
  return { kind: 'deferred', configurationId, retryAt: new Date(dueAt * 1000) }
}

function configurationOf(grant: OpenGrant, id: string): CredentialConfiguration {
  const configuration = grant.metadata.credential_configurations_supported[id]
  if (configuration !== undefined) return configuration
  throw new WalletError(
    'offer_unsupported',
    'the issuer does not issue this certificate any more; ask it for a new offer.',
  )
}

/** Forgets those of the keys to which no copy was bound. */
export async function forgetUnusedKeys(
  { keyStore, issuanceStore }: IssuanceGround,
  aliases: readonly string[],
): Promise<void> {
  for (const alias of await issuanceStore.unusedKeys(aliases)) await keyStore.delete(alias)
}

/** Its token was renewed just now, and is no longer good for this child. */
function wardEnded(): WalletError {
  return new WalletError(
    'ward_ended',
    'the issuer gives you no certificates of this child any more: they came of age for their own, or ' +
      'you are not their guardian on record; ask the issuer.',
  )
}

function unasked(): WalletError {
  return new WalletError(
    'certificate_unasked',
    'the issuer sent another certificate than the one it was asked for; nothing was stored, ask it ' +
      'for a new offer.',
  )
}
