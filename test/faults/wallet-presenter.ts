import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { openWallet } from '@netcert/wallet'

/**
 * A process that presents from a wallet until nothing is left or it is killed. It prints a hash of
 * the copy it used, when, and only when, a presentation has left the wallet.
 *
 * Arguments: the wallet's folder, the instant its clock shows, callers at a time.
 */
const [dir = '', now = '', callers = '1'] = process.argv.slice(2)
const { wallet, close } = await openWallet({ dir, clock: () => new Date(now), create: false })
const query = parseQuery(queries['age-over-18'])
const question = { query, audience: 'https://shop.example', nonce: 'nonce-of-good-length-1' }

async function presentAll(): Promise<void> {
  for (;;) {
    try {
      const { presentation } = await wallet.present(question)
      const [copy = ''] = presentation.split('~')
      writeSync(1, `${createHash('sha256').update(copy).digest('hex')}\n`)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'copies_used_up') return
      throw error
    }
  }
}

await Promise.all(Array.from({ length: Number(callers) }, presentAll))
await close()
