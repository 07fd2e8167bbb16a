import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto)

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const importKey = (jwk, use) => webcrypto.subtle.importKey('jwk', jwk, ALGORITHM, true, [use])
const validity = () => ({
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + 86_400_000),
})

/** A leaf for `localhost` on a key, and the authority that issued it; made by `@peculiar/x509`. */
export async function certify({ publicJwk }) {
  const authorityKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const anchor = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: '01',
    name: 'CN=Peer authority',
    signingAlgorithm: ALGORITHM,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const leaf = await x509.X509CertificateGenerator.create({
    ...validity(),
    serialNumber: '02',
    subject: 'CN=Peer verifier',
    issuer: anchor.subject,
    signingAlgorithm: ALGORITHM,
    publicKey: await importKey(publicJwk, 'verify'),
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  return {
    leaf: leaf.toString('base64'),
    anchor: anchor.toString('base64'),
    pem: anchor.toString('pem'),
  }
}
