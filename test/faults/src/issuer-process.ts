/**
 * The process that the trials kill: an issuer on a data folder, driven by its arguments.
 *
 *   node issuer-process.js mint DIR COUNT CITIZEN…     mints platform copies, four at a time
 *   node issuer-process.js revoke DIR BATCH…           revokes one after another
 *
 * Each line on standard output is one acknowledgement, written before anything else goes on: what
 * stands there has left the issuer.
 */
import { webcrypto } from 'node:crypto'
import { writeSync } from 'node:fs'
import { NETWORK_CERTIFICATE, type PublicJwk, parsePublicJwk } from '@netcert/credential'
import { type Issuer, openIssuer } from '@netcert/issuer'
import type { Line } from './lines.js'

const lanes = 4

/** Synchronous: a pipe that was written to keeps the line, whatever becomes of this process. */
function say(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

async function createHolderJwk(): Promise<PublicJwk> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { publicKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', publicKey)
  return parsePublicJwk({ kty, crv, x, y })
}

async function mint(issuer: Issuer, citizens: readonly string[], count: number): Promise<void> {
  let left = count
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const citizen = citizens[left % citizens.length] ?? ''
      const holderJwks = [await createHolderJwk()]
      const options = {
        citizen,
        type: NETWORK_CERTIFICATE,
        copies: 'platform',
        holderJwks,
      } as const
      const { batch, credentials } = await issuer.mint(options)
      say({ kind: 'minted', citizen, batch, credential: credentials[0] ?? '' })
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

async function revoke(issuer: Issuer, batches: readonly string[]): Promise<void> {
  for (const batch of batches) {
    await issuer.certificates.setStatus({
      target: { batch },
      status: 'revoked',
      reason: 'key_lost',
    })
    say({ kind: 'revoked', batch })
  }
}

async function main([task, dir = '', ...rest]: readonly string[]): Promise<void> {
  const { issuer, close } = await openIssuer({ dir, clock: () => new Date() })
  say({ kind: 'open' })
  try {
    if (task === 'mint') await mint(issuer, rest.slice(1), Number(rest[0]))
    else await revoke(issuer, rest)
  } finally {
    await close()
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'uncoded'
  say({ kind: 'failed', code })
  if (code === 'uncoded') console.error(error)
  process.exitCode = 3
})
