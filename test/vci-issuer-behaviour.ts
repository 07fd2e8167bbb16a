import type { IncomingMessage } from 'node:http'
import type { BlindedNumber, JsonObject, PublicJwk } from '@netcert/credential'
import { randomBytes } from '@netcert/credential/crypto'
import type { EncryptionPrivateJwk } from '@netcert/protocol'
import { adultClaims, type TrustDomain } from './trust-domain.js'

export type Json = Record<string, unknown>

/** How the issuer behaves; everything else is as the standards say. */
export type Behaviour = {
  metadata: (honest: Json) => Json
  serverMetadata: (honest: Json) => Json
  tokenAnswer: (honest: Json) => Json
  /** Changes the copies of an answer, for example their order. */
  credentials: (minted: string[]) => string[] | Promise<string[]>
  /** Parameters with which the browser comes back after a sign-in. */
  callback: (honest: Record<string, string>) => Record<string, string>
  vct: string
  statusIndex: number | undefined
  /** What is said about the citizen. */
  claims: JsonObject
  /** The first so many nonces are refused at the credential endpoint. */
  refusedNonces: number
  /** Deferred so many times. */
  deferrals: number
  deferredError: string | null
  credentialError: string | null
  txCode: string | null
  wantsDpopNonce: boolean
  /** Seconds. */
  tokenLifetime: number | undefined
  signedMetadata: string | null
  /** Client attestations have to repeat it. */
  attestationChallenge: string | null
  /** What the issuer makes of a blinded platform; `null`: the copy carries no number. */
  platformNumber: (honest: BlindedNumber) => BlindedNumber | null
  /** Whose numbers these are. */
  person: { readonly key: Uint8Array; readonly salt: Uint8Array }
  /** Identifiers of children a guardian is granted, `ward-certificate:<name>`; null: it knows none. */
  wards: readonly string[] | null
  /** What is said about a child. */
  wardClaims: JsonObject
  /** Put into the next platform copy and then gone: a presence check a moment ago. */
  presenceAt: number | null
  /** Where a presence check can be passed. */
  presenceUri: string | null
  /** Answers to encrypted requests; `other key`: with a key that nobody asked for. */
  encryptedAnswers: 'as asked' | 'plain' | 'other key'
  /** Status and body of an answer to a pause; null: it knows no pauses. */
  pauseAnswer: ((asked: Json) => readonly [number, Json]) | null
}

/** Something that was asked of the issuer. */
export type Asked = {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly form: URLSearchParams
}

/** A small issuer over real HTTP, made for tests of wallets: it can be told to misbehave. */
export type VciIssuer = {
  readonly domain: TrustDomain
  /** The Credential Issuer Identifier, with a path. */
  readonly issuer: string
  readonly origin: string
  readonly behaviour: Behaviour
  readonly asked: Asked[]
  readonly state: {
    codes: Map<string, Json>
    pushed: Map<string, URLSearchParams>
    /** Thumbprint of the key it is bound to, and the client's name. */
    accessTokens: Map<string, { jkt: string | null; clientId: string | null }>
    refreshTokens: Map<string, string | null>
    nonces: Set<string>
    deferred: Map<string, { proofs: readonly { jwk: PublicJwk }[]; request: Json; left: number }>
    dpopNonce: string
    /** The last platform number that was handed out. */
    lastNumber: BlindedNumber | null
    count: number
  }
  readonly clock: () => Date
  /** Where requests may be encrypted to. */
  readonly encryptionKey: EncryptionPrivateJwk
  /** A fresh offer with a pre-authorized code, or for signing in. */
  offer(options?: {
    readonly signIn?: boolean
    readonly changes?: Json
    readonly ids?: string[]
  }): string
  pathsAsked(): string[]
  close(): Promise<void>
}

export const honest = (): Behaviour => ({
  metadata: (it) => it,
  serverMetadata: (it) => it,
  tokenAnswer: (it) => it,
  credentials: (minted) => minted,
  callback: (it) => it,
  vct: 'urn:netcert:network-certificate:1',
  statusIndex: undefined,
  claims: adultClaims,
  refusedNonces: 0,
  deferrals: 0,
  deferredError: null,
  credentialError: null,
  txCode: null,
  wantsDpopNonce: true,
  tokenLifetime: 300,
  signedMetadata: null,
  attestationChallenge: null,
  platformNumber: (it) => it,
  person: { key: randomBytes(32), salt: randomBytes(32) },
  wards: null,
  wardClaims: {},
  presenceAt: null,
  presenceUri: null,
  encryptedAnswers: 'as asked',
  pauseAnswer: null,
})

/** A name that was not handed out before. */
export const fresh = (ground: VciIssuer, kind: string): string => {
  ground.state.count += 1
  // As long for the tenth as for the first: the lengths of messages are compared.
  return `${kind}-${String(ground.state.count).padStart(4, '0')}`
}

/** How an endpoint answers. */
export type Answer = (value: unknown, status?: number, headers?: Record<string, string>) => void
