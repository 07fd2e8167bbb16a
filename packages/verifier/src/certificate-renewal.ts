import { readFile } from 'node:fs/promises'
import { dereferenceDidKey, type PrivateJwk } from '@netcert/credential'
import {
  type CertificateAuthority,
  encodePemCertificate,
  issueLeafCertificate,
  parsePemCertificates,
  readLeaf,
} from '@netcert/protocol'
import { VerifierError } from './errors.js'
import { CA_KEY_CONTEXT, LEAF_DAYS, windowOf } from './initialisation.js'
import { readSettings, replaceDurably, verifierFolder } from './verifier-folder.js'
import { openVerifierKeys, REQUEST_KEY, type VerifierGround } from './ground-open.js'

/** Options of {@link renewCertificate}. */
export type RenewCertificateOptions = {
  /** A data folder that `initVerifier` made. */
  readonly dir: string
  readonly now: Date
}

/** What was renewed. */
export type RenewCertificateReport = {
  readonly certificatePem: string
  /** When the certificate before would have ended. */
  readonly before: Date
  readonly notAfter: Date
}

/**
 * Certifies the request key anew, by the verifier's own small authority: wallets that know it need
 * nothing new. The identifier by `x509_hash` changes with the certificate; a server that runs takes
 * it when it starts again.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`, `authority_unusable`; AgentError
 */
export async function renewCertificate(
  options: RenewCertificateOptions,
): Promise<RenewCertificateReport> {
  const { dir, now } = options
  const folder = verifierFolder(dir)
  const { base_url: baseUrl, ...settings } = await readSettings(folder)
  const ground = await openVerifierKeys(folder, settings)
  try {
    const authority = await readAuthority(folder, ground)
    const { notAfter: end } = await readLeaf(authority.certificate)
    const { notBefore, notAfter } = windowOf(now, LEAF_DAYS)
    if (end <= now) throw unusable('it has ended')
    const signer = await ground.keyStore.signer(REQUEST_KEY)
    const [old = ''] = parsePemCertificates(await readFile(folder.certificatePem, 'utf8'))
    const before = await readLeaf(old)
    const leaf = await issueLeafCertificate({
      authority,
      subjectKey: dereferenceDidKey(signer.keyId),
      name: new URL(baseUrl).hostname,
      dnsNames: [new URL(baseUrl).hostname],
      uris: [baseUrl],
      notBefore,
      // A leaf never outlives its authority.
      notAfter: notAfter < end ? notAfter : end,
    })
    await replaceDurably(folder.certificatePem, encodePemCertificate(leaf), 0o644)
    const { certificatePem } = folder
    const renewed = await readLeaf(leaf)
    return { certificatePem, before: before.notAfter, notAfter: renewed.notAfter }
  } finally {
    await ground.database.close()
  }
}

/** The authority that `initVerifier` made, its key unsealed. */
async function readAuthority(
  { caKey, caPem }: ReturnType<typeof verifierFolder>,
  { vault }: VerifierGround,
): Promise<CertificateAuthority> {
  const sealed = await readFile(caKey, 'utf8').catch((cause: unknown) => {
    throw unusable('its key is not in this folder', cause)
  })
  const [certificate] = parsePemCertificates(await readFile(caPem, 'utf8'))
  if (certificate === undefined) throw unusable('ca.pem holds no certificate')
  // What unseals is what was sealed: the vault refuses whatever was altered.
  const text = new TextDecoder().decode(vault.unseal(sealed.trim(), CA_KEY_CONTEXT))
  return { certificate, key: JSON.parse(text) as PrivateJwk }
}

function unusable(problem: string, cause?: unknown): VerifierError {
  return new VerifierError(
    'authority_unusable',
    `the verifier's own authority cannot certify its key: ${problem}. Restore the folder, have the ` +
      'key certified where it was, or set a new verifier up.',
    { cause },
  )
}
