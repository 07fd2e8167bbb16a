import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTrustDomain, testNow, type TrustDomain } from '../../../test/trust-domain.js'
import { openWallet } from './open.js'

const refusal = (code: string) => expect.objectContaining({ code })
let folder: string
let domain: TrustDomain

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-wallet-'))
  domain = await createTrustDomain()
})
afterEach(() => rm(folder, { recursive: true }))

/** Receives one copy with the trust list of a sequence number, each time in a new process's way. */
async function receiveWith(sequence: number): Promise<void> {
  const listsDir = join(folder, 'lists')
  await domain.publish(listsDir, { trustList: await domain.trustListToken({ sequence }) })
  const options = { dir: join(folder, 'wallet'), clock: () => testNow, create: true, listsDir }
  const { wallet, close } = await openWallet({ ...options, rootDid: domain.rootDid })
  try {
    const [jwk] = await wallet.createHolderKeys(1)
    const credentials = [await domain.mint({ jwk: jwk! })]
    await wallet.receive({ credentials, kind: 'one-time' })
  } finally {
    await close()
  }
}

it('takes the same and newer trust lists, over restarts', async () => {
  for (const sequence of [3, 3, 4]) {
    await expect(receiveWith(sequence)).resolves.toBeUndefined()
  }
})

it('refuses an older trust list although it has not expired, and takes the newest again', async () => {
  await receiveWith(4)
  await expect(receiveWith(3)).rejects.toThrow(refusal('trust_list_older'))
  await expect(receiveWith(1)).rejects.toThrow(refusal('trust_list_older'))
  await receiveWith(4)
})

it('refuses older trust from a source of its own, too', async () => {
  const sequences = [4, 3]
  const { wallet, close } = await openWallet({
    dir: join(folder, 'wallet'),
    clock: () => testNow,
    create: true,
    trust: async () => {
      const trust = await domain.trust()
      return { ...trust, trustList: { ...trust.trustList, sequence: sequences.shift() ?? 0 } }
    },
  })
  const [jwk, other] = await wallet.createHolderKeys(2)
  await wallet.receive({ credentials: [await domain.mint({ jwk: jwk! })], kind: 'one-time' })
  await expect(
    wallet.receive({ credentials: [await domain.mint({ jwk: other! })], kind: 'one-time' }),
  ).rejects.toThrow(refusal('trust_older'))
  await close()
})
