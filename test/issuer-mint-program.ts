import { generateSigner, NETWORK_CERTIFICATE } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { openIssuer } from '@netcert/issuer'

/**
 * A process that mints platform copies: `program <dir> <count> <citizen>`. It prints one line for
 * each certificate at the moment it has it: reference of the batch, list, index.
 */
const [dir = '', count = '0', citizen = ''] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T04:00:00Z')
const { issuer, close } = await openIssuer({ dir, clock })
for (let done = 0; done < Number(count); done++) {
  const { jwk } = await generateSigner('ES256')
  const { batch, credentials } = await issuer.mint({
    citizen,
    type: NETWORK_CERTIFICATE,
    copies: 'platform',
    holderJwks: [jwk],
  })
  const { status } = await inspectCredential(credentials[0] ?? '')
  process.stdout.write(`${batch} ${status?.uri} ${status?.index}\n`)
}
await close()
