import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { epochSeconds, resolveDidKey } from '@netcert/credential'
import {
  type CertificateAuthority,
  createCertificateAuthority,
  encodePemCertificate,
  issueLeafCertificate,
  parsePemCertificates,
  verifyCertificateChain,
} from '@netcert/protocol'
import { writeAtomically } from './atomic-file.js'
import type { DataFolder } from './data-folder.js'
import { IssuerError } from './issuer-error.js'
import { CERTIFIED_USES, type CertifiedUse } from './issuer-signers.js'
import { createPrivateKeyFile, parsePrivateKey } from './private-key-file.js'
import { type IssuerDids, KEY_ALIASES, KEY_LIFETIME_SECONDS } from './trust-list-content.js'

/** The authority outlives the keys it certifies, so that it can certify the next ones. */
const AUTHORITY_LIFETIME_SECONDS = 10 * 365 * 86_400

/**
 * Makes an issuer's own small certificate authority and has it certify the keys for certificates and
 * status lists: `secrets/ca.key`, `ca.pem` (the anchor for whoever verifies by certificate), and a
 * leaf for each key. The authority signs leaves only; its key is needed again
 * when there is a next key.
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
  const window = { notBefore, notAfter: wholeSecond(notBefore, KEY_LIFETIME_SECONDS) }
  for (const use of CERTIFIED_USES) {
    const subject = { use, alias: KEY_ALIASES[use], did: dids[use], baseUrl, ...window }
    await writeLeaf(folder, { certificate, key }, subject)
  }
  await writeAtomically(folder.caCertificate, encodePemCertificate(certificate), 0o644)
}

type Subject = {
  readonly use: CertifiedUse
  readonly alias: string
  readonly did: string
  readonly baseUrl: string
  /** Whole seconds. */
  readonly notBefore: Date
  readonly notAfter: Date
}

/**
 * Has the issuer's authority certify one of its later keys.
 *
 * @throws IssuerError `ca_key_needed`, `ca_key_wrong`.
 */
export async function certifyIssuerKey(
  options: Subject & { readonly folder: DataFolder; readonly caKeyFile: string },
): Promise<void> {
  const { folder, caKeyFile } = options
  const [certificate = ''] = parsePemCertificates(await readAuthority(folder.caCertificate))
  const pem = await readAuthority(caKeyFile)
  try {
    await writeLeaf(folder, { certificate, key: parsePrivateKey(pem) }, options)
  } catch {
    // The cause could quote the file, and the file is a key: it goes no further.
    const text = 'That is not the key of ca.pem; bring the ca.key of netcert init --x5c.'
    throw new IssuerError('ca_key_wrong', text)
  }
}

async function readAuthority(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const text = `${file} cannot be read; a new key is certified with it: bring it with --ca-key.`
    throw new IssuerError('ca_key_needed', text, { cause })
  })
}

async function writeLeaf(
  folder: DataFolder,
  authority: CertificateAuthority,
  { use, alias, did, baseUrl, notBefore, notAfter }: Subject,
): Promise<void> {
  const { hostname } = new URL(baseUrl)
  const leaf = await issueLeafCertificate({
    authority,
    subjectKey: resolveDidKey(did).jwk,
    name: `netcert ${use} key of ${hostname}`,
    dnsNames: isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? [hostname] : [],
    uris: [baseUrl],
    notBefore,
    notAfter,
  })
  const anchors = { certificates: [authority.certificate] }
  await verifyCertificateChain({ x5c: [leaf], anchors, now: notBefore })
  await writeAtomically(folder.leaf(alias), encodePemCertificate(leaf), 0o644)
}

/** X.509 knows no fractions of a second. */
function wholeSecond(instant: Date, later: number): Date {
  return new Date((epochSeconds(instant) + later) * 1000)
}
