import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Software of others, as these tests need it; each is wrapped by a file under `peers/`. */

const installed = fileURLToPath(new URL('node_modules/.package-lock.json', import.meta.url))

/** Peers are no part of the root's install: `npm run interop` installs them. */
export const arePeersInstalled = existsSync(installed)

if (!arePeersInstalled) console.warn('skipped: the peers are not installed, see npm run interop')

/** Stands in the name of what is skipped. */
export const peersState = arePeersInstalled ? '' : ' (peers not installed: npm run interop)'

/** A certificate that a peer received; its claims as the peer reads them. */
export type PeerCopy = {
  readonly credential: string
  readonly vct: string
  readonly claims: Readonly<Record<string, unknown>>
}

export type PeerAnswer = {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> | null
}

export type PeerWallet = {
  readonly held: readonly PeerCopy[]
  receive(options: {
    readonly offer: string
    readonly txCode?: string
    readonly copies: number
    readonly dpop?: boolean
    /** Takes the address of an authorization request, gives the one the browser is sent back to. */
    readonly logIn?: (authorizationUrl: string) => Promise<string>
  }): Promise<readonly PeerCopy[]>
  /** Answers a presentation request by its link. */
  answer(request: string): Promise<PeerAnswer>
  close?(): Promise<void>
}

export type PeerIssuer = {
  /** did:key of the key it signs certificates with. */
  readonly did: string
  offer(options?: {
    readonly withTxCode?: boolean
  }): Promise<{ readonly offer: string; readonly txCode?: string }>
  /** Events that wallets notified it of; null where the peer has no such endpoint. */
  readonly notifications: readonly string[] | null
  close(): Promise<void>
}

export type PeerIssuerOptions = {
  /** What is not disclosable: type and its integrity. */
  readonly visible: { readonly vct: string; readonly 'vct#integrity': string }
  readonly claims: Readonly<Record<string, unknown>>
  readonly issuedAt: number
  readonly expiresAt: number
}

export type PeerVerifier = {
  /** PEM of the authority that certifies it. */
  readonly anchor: string
  request(options: {
    readonly query: object
    readonly clientId: PeerClientId
    readonly mode: 'direct_post' | 'direct_post.jwt'
  }): Promise<string>
  /** Claims of the last answer, verified by the peer. */
  result(): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

export type PeerClientId =
  | 'x509_hash'
  | 'x509_san_dns'
  | 'decentralized_identifier'
  | 'redirect_uri'

const load = (name: string): Promise<unknown> =>
  import(new URL(`peers/${name}.js`, import.meta.url).href)

export type WalletMaker = {
  /** `anchors`: base64 DER of authorities the wallet believes about verifiers. */
  createWallet(options?: { readonly anchors?: readonly string[] }): Promise<PeerWallet>
}
export type IssuerMaker = { startIssuer(options: PeerIssuerOptions): Promise<PeerIssuer> }
export type VerifierMaker = {
  startVerifier(options: { readonly issuerJwk: object }): Promise<PeerVerifier>
}

export const peerWallets = {
  '@openid4vc': () => load('openid4vc-wallet') as Promise<WalletMaker>,
  '@credo-ts': () => load('credo-wallet') as Promise<WalletMaker>,
} as const
export const peerIssuers = {
  '@openid4vc': () => load('openid4vc-issuer') as Promise<IssuerMaker>,
  '@credo-ts': () => load('credo-issuer') as Promise<IssuerMaker>,
} as const
export const peerVerifiers = {
  '@openid4vc': () => load('openid4vc-verifier') as Promise<VerifierMaker>,
  '@credo-ts': () => load('credo-verifier') as Promise<VerifierMaker>,
} as const
