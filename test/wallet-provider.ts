import { generateSigner, type PublicJwk } from '@netcert/credential'
import { createClientAttestation, createKeyAttestation } from '@netcert/protocol'
import type { WalletProvider } from '@netcert/wallet'

const CLIENT_ID = 'https://wallet.example'
const KID = 'provider-1'

/** A wallet provider with a real key, and that key as a trusted one is listed. */
export async function createWalletProvider(clock: () => Date): Promise<{
  readonly provider: WalletProvider
  readonly jwk: PublicJwk
  readonly listed: object
}> {
  const { signer, jwk } = await generateSigner('ES256')
  const header = { kid: KID }
  const times = () => {
    const issuedAt = clock()
    return { issuedAt, expiresAt: new Date(issuedAt.getTime() + 3_600_000) }
  }
  const provider: WalletProvider = {
    clientId: CLIENT_ID,
    attestInstance: (clientJwk) =>
      createClientAttestation({ signer, header, clientId: CLIENT_ID, clientJwk, ...times() }),
    attestKeys: ({ keys, ...demands }) =>
      createKeyAttestation({ signer, header, attestedKeys: keys, ...demands, ...times() }),
  }
  return { provider, jwk, listed: { jwks: { keys: [{ ...jwk, kid: KID, alg: 'ES256' }] } } }
}
