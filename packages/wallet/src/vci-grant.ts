import { epochSeconds } from '@netcert/credential'
import type { IssuerMetadata } from '@netcert/protocol'
import { WWWAuthenticateChallengeError } from 'oauth4webapi'
import { WalletError } from './errors.js'
import { type Grant, type GrantedRequest, openRecord, sealRecord } from './issuance-records.js'
import { randomId } from './ledger.js'
import { IssuanceClient } from './vci-client.js'
import { forgetKeysOf } from './vci-grant-keys.js'
import { discoverAuthorizationServer, discoverIssuer } from './vci-discovery.js'
import type { IssuanceGround } from './vci-ground.js'
import { stillGranted, tokensOf } from './vci-party.js'
import { IssuerRefusal } from './vci-refusals.js'
import { forgetWardCopies } from './ward-endings.js'

/** A caller that died lets a grant go after this; each question to a server has 10 seconds. */
export const LEASE_SECONDS = 300
/** A token about to end is renewed before it is used. */
const SPARE_SECONDS = 10

/** A grant in use by one caller, with what its servers say about themselves now. */
export class OpenGrant {
  readonly id: string
  readonly client: IssuanceClient
  readonly metadata: IssuerMetadata
  readonly #ground: IssuanceGround
  #grant: Grant
  #dueAt: number | null

  private constructor(options: {
    readonly ground: IssuanceGround
    readonly id: string
    readonly client: IssuanceClient
    readonly metadata: IssuerMetadata
    readonly grant: Grant
    readonly dueAt: number | null
  }) {
    this.#ground = options.ground
    this.id = options.id
    this.client = options.client
    this.metadata = options.metadata
    this.#grant = options.grant
    this.#dueAt = options.dueAt
  }

  /** Keeps a new grant, on disk before anything is done with it. */
  static async begin(
    ground: IssuanceGround,
    options: {
      readonly client: IssuanceClient
      readonly metadata: IssuerMetadata
      readonly grant: Grant
    },
  ): Promise<OpenGrant> {
    const opened = new OpenGrant({ ground, id: randomId(), dueAt: null, ...options })
    await opened.#save()
    return opened
  }

  /**
   * Takes a kept grant for this caller alone; `undefined` while another has it.
   *
   * @throws WalletError as discovery; FetchError
   */
  static async resume(ground: IssuanceGround, id: string): Promise<OpenGrant | undefined> {
    const now = epochSeconds(ground.clock())
    const row = await ground.issuanceStore.lease(id, now, now + LEASE_SECONDS)
    if (row === undefined) return undefined
    try {
      const grant = openRecord(ground.vault, 'grant', row)
      const metadata = await discoverIssuer(ground, grant.issuer)
      const allowed = metadata.authorization_servers ?? [grant.issuer]
      if (!allowed.includes(grant.authorizationServer)) throw ended()
      const server = await discoverAuthorizationServer(ground, grant.authorizationServer)
      const client = await IssuanceClient.open(ground, server, grant)
      return new OpenGrant({ ground, id, client, metadata, grant, dueAt: row.due_at })
    } catch (error) {
      await ground.issuanceStore.release(id, row.due_at)
      throw error
    }
  }

  get requests(): readonly GrantedRequest[] {
    return this.#grant.requests
  }

  /** Whether it is still good for a request that was among its own. */
  brings({ configurationId, credentialIdentifier }: GrantedRequest): boolean {
    return this.#grant.requests.some(
      (it) =>
        it.configurationId === configurationId && it.credentialIdentifier === credentialIdentifier,
    )
  }

  /** Renews its token, used or not. @throws WalletError `grant_refused` */
  renewToken(): Promise<void> {
    return this.#renew()
  }

  /** When it is to be renewed, as it was when this caller took it. */
  get dueAt(): number | null {
    return this.#dueAt
  }

  get isRenewable(): boolean {
    return this.#grant.tokens.refreshToken !== null
  }

  /**
   * Runs something that needs an access token; renews the token when it has ended, once.
   *
   * @throws WalletError `grant_refused` when it cannot be renewed
   */
  async withToken<Answer>(run: (accessToken: string) => Promise<Answer>): Promise<Answer> {
    const { expiresAt } = this.#grant.tokens
    const now = epochSeconds(this.#ground.clock())
    const hasEnded = expiresAt !== null && expiresAt <= now + SPARE_SECONDS
    if (hasEnded) await this.#renew()
    try {
      return await run(this.#grant.tokens.accessToken)
    } catch (error) {
      if (!isTokenRefusal(error)) throw error
      if (hasEnded) throw new IssuerRefusal('invalid_token')
      await this.#renew()
      return run(this.#grant.tokens.accessToken).catch((again: unknown) => {
        throw isTokenRefusal(again) ? new IssuerRefusal('invalid_token') : again
      })
    }
  }

  /** Notes what was received by a request. */
  async addBatch(
    request: GrantedRequest,
    { id, vct }: { readonly id: string; readonly vct: string },
  ): Promise<void> {
    const { configurationId, credentialIdentifier } = request
    const requests = this.#grant.requests.map((it) =>
      it.configurationId === configurationId && it.credentialIdentifier === credentialIdentifier
        ? { ...it, vct, batches: [id, ...it.batches].slice(0, 8) }
        : it,
    )
    this.#grant = { ...this.#grant, requests }
    await this.#save()
  }

  /** Lets the grant go; from `dueAt` on it is to be renewed. */
  async release(dueAt: number | null = this.#dueAt): Promise<void> {
    this.#dueAt = dueAt
    await this.#ground.issuanceStore.release(this.id, dueAt)
  }

  /** Forgets the grant and its keys. */
  async forget(): Promise<void> {
    await this.#ground.issuanceStore.remove(this.id)
    await forgetKeysOf(this.#ground, this.#grant)
  }

  async #renew(): Promise<void> {
    const { refreshToken } = this.#grant.tokens
    if (refreshToken === null) throw ended()
    const answer = await this.client.refresh(refreshToken)
    const tokens = tokensOf(answer, this.#grant, this.#ground.clock(), this.#grant.tokens)
    const { left, ended: gone } = stillGranted(answer, this.#grant.requests)
    this.#grant = { ...this.#grant, tokens, requests: left }
    // The old refresh token may be void by now: the new one is on disk before it is used.
    await this.#save()
    for (const request of gone) await forgetWardCopies(this.#ground, request)
  }

  #save(): Promise<void> {
    const { vault, clock, issuanceStore } = this.#ground
    return issuanceStore.put(
      sealRecord(vault, {
        id: this.id,
        kind: 'grant',
        content: this.#grant,
        leasedUntil: epochSeconds(clock()) + LEASE_SECONDS,
        ...(this.#dueAt === null ? {} : { dueAt: this.#dueAt }),
      }),
    )
  }
}

function isTokenRefusal(error: unknown): boolean {
  if (error instanceof WWWAuthenticateChallengeError) return true
  return error instanceof IssuerRefusal && error.error === 'invalid_token'
}

function ended(): WalletError {
  return new WalletError(
    'grant_refused',
    'the grant has ended, and certificates cannot be renewed by it any more; ask the issuer for a ' +
      'new offer.',
  )
}
