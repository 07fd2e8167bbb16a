import {
  CLIENT_ATTESTATION_CHALLENGE_HEADER,
  CLIENT_ATTESTATION_HEADER,
  CLIENT_ATTESTATION_POP_HEADER,
  createClientAttestationPop,
} from '@netcert/protocol'
import {
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  clockSkew,
  DPoP,
  type DPoPHandle,
  genericTokenEndpointRequest,
  isDPoPNonceError,
  processAuthorizationCodeResponse,
  processGenericTokenEndpointResponse,
  processPushedAuthorizationResponse,
  processRefreshTokenResponse,
  protectedResourceRequest,
  pushedAuthorizationRequest,
  ResponseBodyError,
  refreshTokenGrantRequest,
  type TokenEndpointResponse,
} from 'oauth4webapi'
import type { GrantParty } from './issuance-records.js'
import { randomId } from './ledger.js'
import type { IssuanceGround } from './vci-ground.js'
import { openDpopKey } from './vci-grant-keys.js'
import { refusedGrant } from './vci-refusals.js'
import { fetchChallenge, throughGuardedFetch } from './vci-transport.js'

/** `client_id` for the library where none is sent. */
const UNNAMED = 'unnamed'
/** A DPoP nonce, an attestation challenge, and both again where they expired at once. */
const MOST_TRIES = 4

/** Speaks to one authorization server, and with its tokens to the issuer, as one party. */
export class IssuanceClient {
  readonly server: AuthorizationServer
  readonly party: GrantParty
  readonly #ground: IssuanceGround
  readonly #client: Client
  readonly #dpop: DPoPHandle | null
  #challenge: string | undefined

  private constructor(
    ground: IssuanceGround,
    server: AuthorizationServer,
    party: GrantParty,
    dpopKey: CryptoKeyPair | null,
  ) {
    this.#ground = ground
    this.server = server
    this.party = party
    // The library asks the system for the time; this wallet asks its own clock.
    const skew = Math.round((ground.clock().getTime() - new Date().getTime()) / 1000)
    this.#client = { client_id: party.clientId ?? UNNAMED, [clockSkew]: skew }
    this.#dpop = dpopKey === null ? null : DPoP(this.#client, dpopKey)
  }

  static async open(
    ground: IssuanceGround,
    server: AuthorizationServer,
    party: GrantParty,
  ): Promise<IssuanceClient> {
    const key = party.dpopKey === null ? null : await openDpopKey(ground.keyStore, party.dpopKey)
    return new IssuanceClient(ground, server, party, key)
  }

  /** @throws WalletError `grant_refused`; FetchError */
  pushAuthorization(parameters: URLSearchParams): Promise<{ readonly request_uri: string }> {
    return this.#repeat(async () => {
      const answer = await pushedAuthorizationRequest(
        this.server,
        this.#client,
        this.#identify(),
        parameters,
        this.#options(),
      )
      return processPushedAuthorizationResponse(this.server, this.#client, this.#noted(answer))
    })
  }

  /** Redeems whatever a grant type is about. @throws WalletError `grant_refused`; FetchError */
  requestToken(grantType: string, parameters: URLSearchParams): Promise<TokenEndpointResponse> {
    return this.#repeat(async () => {
      const answer = await genericTokenEndpointRequest(
        this.server,
        this.#client,
        this.#identify(),
        grantType,
        parameters,
        this.#options(),
      )
      return processGenericTokenEndpointResponse(this.server, this.#client, this.#noted(answer))
    })
  }

  /** @param callback - as `validateAuthResponse` gave it */
  redeemCode(
    callback: URLSearchParams,
    { redirectUri, codeVerifier }: { readonly redirectUri: string; readonly codeVerifier: string },
  ): Promise<TokenEndpointResponse> {
    return this.#repeat(async () => {
      const answer = await authorizationCodeGrantRequest(
        this.server,
        this.#client,
        this.#identify(),
        callback,
        redirectUri,
        codeVerifier,
        this.#options(),
      )
      return processAuthorizationCodeResponse(this.server, this.#client, this.#noted(answer))
    })
  }

  refresh(refreshToken: string): Promise<TokenEndpointResponse> {
    return this.#repeat(async () => {
      const answer = await refreshTokenGrantRequest(
        this.server,
        this.#client,
        this.#identify(),
        refreshToken,
        this.#options(),
      )
      return processRefreshTokenResponse(this.server, this.#client, this.#noted(answer))
    })
  }

  /**
   * Asks the issuer with an access token.
   *
   * @throws WWWAuthenticateChallengeError where the token is not taken; FetchError
   */
  async askIssuer(
    url: string,
    accessToken: string,
    message: { readonly contentType: string; readonly body: string },
  ): Promise<Response> {
    const headers = () =>
      new Headers({
        'content-type': message.contentType,
        accept: 'application/json, application/jwt',
      })
    const ask = () =>
      protectedResourceRequest(accessToken, 'POST', new URL(url), headers(), message.body, {
        ...this.#options(),
      })
    return ask().catch((error: unknown) => {
      if (isDPoPNonceError(error)) return ask()
      throw error
    })
  }

  /** Repeats while the server only wants a nonce or a challenge of its own in the request. */
  async #repeat<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt()
      } catch (error) {
        if (tries === MOST_TRIES || !this.#wantsAnotherTry(error)) throw refusedGrant(error)
      }
    }
  }

  #wantsAnotherTry(error: unknown): boolean {
    if (isDPoPNonceError(error)) return this.#dpop !== null
    if (!(error instanceof ResponseBodyError)) return false
    this.#note(error.response.headers)
    const fresh = ['use_attestation_challenge', 'use_fresh_attestation'].includes(error.error)
    return fresh && this.party.instanceKey !== null
  }

  #options() {
    const network = throughGuardedFetch(this.#ground)
    return this.#dpop === null ? network : { ...network, DPoP: this.#dpop }
  }

  #noted(answer: Response): Response {
    this.#note(answer.headers)
    return answer
  }

  #note(headers: Headers): void {
    this.#challenge = headers.get(CLIENT_ATTESTATION_CHALLENGE_HEADER) ?? this.#challenge
  }

  /** Says who is asking: by attestation, by name, or not at all. */
  #identify(): ClientAuth {
    return async (server, _client, body, headers) => {
      const { clientId, instanceKey } = this.party
      if (clientId !== null) body.set('client_id', clientId)
      const { provider, keyStore, clock } = this.#ground
      if (clientId === null || instanceKey === null || provider === null) return
      this.#challenge ??= await fetchChallenge(this.#ground, server)
      const key = await keyStore.get(instanceKey)
      if (key === undefined) throw new TypeError('the key of a grant is kept as long as the grant')
      const pop = await createClientAttestationPop({
        signer: await keyStore.signer(instanceKey),
        clientId,
        audience: server.issuer,
        jti: randomId(),
        issuedAt: clock(),
        ...(this.#challenge === undefined ? {} : { challenge: this.#challenge }),
      })
      headers.set(CLIENT_ATTESTATION_HEADER, await provider.attestInstance(key.jwk))
      headers.set(CLIENT_ATTESTATION_POP_HEADER, pop)
    }
  }
}
