import { writeSync } from 'node:fs'
import { openWallet } from '@netcert/wallet'
import { createTrust } from '@netcert/credential'
import { readFileSync } from 'node:fs'

/**
 * A process that takes up one offer after another until there is none or it is killed. It prints the
 * id of each certificate that it says was received.
 *
 * Arguments: the wallet's folder, the instant its clock shows, a file with the trust list, its root,
 * and the offers.
 */
const [dir = '', now = '', trustList = '', rootDid = '', ...offers] = process.argv.slice(2)
const clock = () => new Date(now)
const trust = () =>
  createTrust({
    trustListToken: readFileSync(trustList, 'utf8').trim(),
    rootDids: [rootDid],
    now: clock(),
    graceSeconds: 0,
    minimumSequence: 0,
  })
const { wallet, close } = await openWallet({
  ...{ dir, clock, trust },
  create: true,
  allowHttpLoopback: true,
})
for (const offer of offers) {
  const outcome = await wallet.receiveOffer({ offer, batch: 3, consent: () => true })
  if (outcome.kind !== 'received') throw new TypeError('a sign-in was not expected')
  for (const { id } of outcome.certificates) writeSync(1, `${id}\n`)
}
await close()
