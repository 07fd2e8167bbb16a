import type { IncomingMessage } from 'node:http'

/** A wallet whose provider vouches for it. */
export type AttestedWallet = {
  readonly clientId: string
  /** Thumbprint of the instance's key. */
  readonly jkt: string
  /** As the provider wrote it; `null` when it wrote none. */
  readonly walletName: string | null
}

/**
 * Which requests came with a wallet attestation that was checked. It goes from the check, which
 * stands before the library, to the places inside it that need the answer.
 */
export type AttestedRequests = {
  put(request: IncomingMessage, wallet: AttestedWallet): void
  get(request: IncomingMessage): AttestedWallet | undefined
}

export function createAttestedRequests(): AttestedRequests {
  const wallets = new WeakMap<IncomingMessage, AttestedWallet>()
  return {
    put: (request, wallet) => void wallets.set(request, wallet),
    get: (request) => wallets.get(request),
  }
}
