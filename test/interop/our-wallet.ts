import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createTrust,
  createTrustList,
  generateSigner,
  NETWORK_CERTIFICATE,
  type Trust,
} from '@netcert/credential'
import { openWallet, type Wallet } from '@netcert/wallet'

export type TrustingWallet = { readonly wallet: Wallet; close(): Promise<void> }

/** A wallet of ours that trusts one issuer, whoever wrote its software. */
export async function openTrustingWallet(
  issuerDid: string,
  /** PEM of authorities it believes about verifiers. */
  anchors?: string,
): Promise<TrustingWallet> {
  const dir = await mkdtemp(join(tmpdir(), 'netcert-interop-'))
  if (anchors !== undefined) {
    await mkdir(join(dir, 'wallet'), { mode: 0o700 })
    await writeFile(join(dir, 'wallet', 'verifier-anchors.pem'), anchors)
  }
  const trust = await trustIn(issuerDid)
  const { wallet, close } = await openWallet({
    dir: join(dir, 'wallet'),
    clock: () => new Date(),
    create: true,
    trust: () => trust,
    allowHttpLoopback: true,
  })
  return {
    wallet,
    async close() {
      await close()
      await rm(dir, { recursive: true })
    },
  }
}

/** A trust list with one issuer of network certificates. */
export async function trustIn(issuerDid: string): Promise<Trust> {
  const { signer: root } = await generateSigner('ES256')
  const now = new Date()
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
  const trustListToken = await createTrustList({
    rootSigner: root,
    content: {
      sequence: 1,
      issuedAt: now,
      expiresAt: days(30),
      nextRoot: null,
      registrars: [],
      issuers: [
        {
          did: issuerDid,
          mechanism: 'did:key',
          statusUriPrefix: 'https://issuer.example/status/',
          types: [NETWORK_CERTIFICATE],
          keys: [{ did: issuerDid, use: 'credential', notBefore: days(-1), notAfter: days(365) }],
        },
      ],
    },
  })
  return createTrust({
    trustListToken,
    rootDids: [root.did],
    now,
    graceSeconds: 0,
    minimumSequence: 0,
  })
}
