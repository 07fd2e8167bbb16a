import { isIP } from 'node:net'
import { resolveDidKey } from '@netcert/credential'
import {
  createCertificateAuthority,
  encodePemCertificate,
  issueLeafCertificate,
} from '@netcert/protocol'
import { writeAtomically } from './atomic-file.js'
import type { DataFolder } from './data-folder.js'
import { CERTIFIED_USES } from './issuer-signers.js'
import { createPrivateKeyFile } from './private-key-file.js'
import { type IssuerDids, KEY_ALIASES, KEY_LIFETIME_SECONDS } from './trust-list-content.js'

/** The authority outlives the keys it certifies, so that it can certify the next ones. */
const AUTHORITY_LIFETIME_SECONDS = 10 * 365 * 86_400

/**
 * Makes an issuer's own small certificate authority and has it certify the keys for certificates and
 * status lists: `secrets/ca.key`, `ca.pem` (the anchor for whoever verifies by certificate), and a
 * leaf for each key. The authority signs leaves only; its key is not needed for anything after.
 */
export async function createIssuerCertificates(options: {
  readonly folder: DataFolder
  readonly dids: IssuerDids
  readonly baseUrl: string
  readonly createdAt: Date
}): Promise<void> {
  const { folder, dids, baseUrl } = options
  const { hostname } = new URL(baseUrl)
  const notBefore = wholeSecond(options.createdAt, 0)
  const key = await createPrivateKeyFile(folder.caKey, 'ES256')
  const certificate = await createCertificateAuthority({
    name: `netcert CA of ${hostname}`,
    key,
    notBefore,
    notAfter: wholeSecond(notBefore, AUTHORITY_LIFETIME_SECONDS),
  })
  for (const use of CERTIFIED_USES) {
    const leaf = await issueLeafCertificate({
      authority: { certificate, key },
      subjectKey: resolveDidKey(dids[use]).jwk,
      name: `netcert ${use} key of ${hostname}`,
      dnsNames: isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? [hostname] : [],
      uris: [baseUrl],
      notBefore,
      notAfter: wholeSecond(notBefore, KEY_LIFETIME_SECONDS),
    })
    await writeAtomically(folder.leaf(KEY_ALIASES[use]), encodePemCertificate(leaf), 0o644)
  }
  await writeAtomically(folder.caCertificate, encodePemCertificate(certificate), 0o644)
}

/** X.509 knows no fractions of a second. */
function wholeSecond(instant: Date, later: number): Date {
  return new Date((Math.floor(instant.getTime() / 1000) + later) * 1000)
}
