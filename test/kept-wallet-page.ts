import { importVerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { openWalletDatabase } from '../packages/wallet/web/keeping/database.js'
import { openKeptWallet } from '../packages/wallet/web/keeping/kept-wallet.js'
import { walkCertificates, walkLedger, walkRecords } from './kept-wallet-walk.js'

const walks = { certificates: walkCertificates, records: walkRecords, ledger: walkLedger }

const open = (name: string, master = new Uint8Array(32).fill(7)) =>
  openKeptWallet({ name, master, clock: () => new Date(), onLost: () => undefined })

/** One walk over a fresh wallet of this browser. */
export async function walkHere(name: keyof typeof walks): Promise<unknown> {
  return walks[name](await open(`walk-${name}`))
}

/** What a wallet is after it was closed, and what nobody gets out of it. */
export async function reopen(): Promise<Record<string, unknown>> {
  const text = new TextEncoder()
  const before = await open('again')
  const { jwk } = await before.keyStore.create({ alias: 'holder-1', type: 'P-256' })
  const sealed = before.vault.seal(text.encode('what is sealed'), 'copies|1')
  before.close()
  const after = await open('again')
  const data = text.encode('what is signed')
  const given = await after.keyStore.signingKey('holder-1')
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const byHandle = new Uint8Array(await crypto.subtle.sign(algorithm, given, data))
  const signature = await (await after.keyStore.signer('holder-1')).sign(data)
  const database = await openWalletDatabase('again', () => undefined)
  // In this program's types the key is Node's; the page has the browser's.
  const handle = (await database.get('keys', 'holder-1'))?.key.handle as unknown as CryptoKey
  const other = await open('other', new Uint8Array(32).fill(8))
  return {
    signed: await verifySignature(await importVerifyingKey(jwk), data, signature),
    signedByHandle: await verifySignature(await importVerifyingKey(jwk), data, byHandle),
    extractable: handle.extractable || given.extractable,
    missing: [
      await codeOfFailure(after.keyStore.signer('holder-2')),
      await codeOfFailure(after.keyStore.signingKey('holder-2')),
    ],
    exported: await nameOfFailure(crypto.subtle.exportKey('jwk', handle)),
    unsealed: new TextDecoder().decode(after.vault.unseal(sealed, 'copies|1')),
    otherContext: outcome(() => after.vault.unseal(sealed, 'copies|2')),
    otherKey: outcome(() => other.vault.unseal(sealed, 'copies|1')),
  }
}

function outcome(attempt: () => unknown): string {
  try {
    attempt()
    return 'opened'
  } catch {
    return 'refused'
  }
}

const codeOfFailure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )

async function nameOfFailure(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}
