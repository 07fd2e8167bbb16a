import { inspectCredential } from '@netcert/credential/holder'
import { openIssuerGround } from '../packages/issuer/src/open.js'
import { answerDeferredRequest } from '../packages/issuer/src/vci-deferred.js'
import { createDeviceStore } from '../packages/issuer/src/ending/device-store.js'
import { createIssuanceStore } from '../packages/issuer/src/vci-issuance-store.js'
import { createNonceMint } from '../packages/issuer/src/vci-nonce.js'

/**
 * A process that delivers deferred certificates: `program <dir> <grant> <transaction…>`. It prints
 * `<transaction> <status index>` at the moment a wallet would have the certificate, and only then
 * notes the delivery; `over` when all were delivered by somebody.
 */
const [dir = '', grantId = '', ...transactions] = process.argv.slice(2)
const clock = (): Date => new Date('2026-11-21T05:00:00Z')
const { ground, issuer, close } = await openIssuerGround({ dir, clock })
const { vault, database, config } = ground
const parts = {
  issuer,
  wards: issuer.minors.grants,
  devices: createDeviceStore(database),
  store: createIssuanceStore(database),
  vault,
  nonces: createNonceMint(vault.deriveKey('test')),
  baseUrl: config.base_url,
  clock,
  keyAttesters: null,
  isDeferred: async () => true,
}
const token = {
  citizen: '',
  clientId: null,
  configurationIds: [],
  credentialIdentifiers: [],
  offer: null,
  attested: false,
  tokenId: '',
  grantId,
  expiresAt: clock(),
  dpopJkt: null,
}
for (const transaction_id of transactions) {
  try {
    const answer = await answerDeferredRequest(parts, token, { transaction_id })
    if (!('credentials' in answer.response)) throw new Error('it should be ready')
    const [first] = answer.response.credentials
    const { status } = await inspectCredential(first?.credential ?? '')
    process.stdout.write(`${transaction_id} ${status?.index}\n`)
    await answer.delivered()
  } catch (error) {
    const over =
      error instanceof Error && 'code' in error && error.code === 'invalid_transaction_id'
    if (!over) throw error
  }
}
process.stdout.write('over\n')
await close()
