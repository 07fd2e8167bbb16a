import {
  certificateType,
  certifySigner,
  createCredential,
  createTrust,
  createTrustList,
  generateSigner,
  NETWORK_CERTIFICATE,
  type PublicJwk,
  type Trust,
} from '@netcert/credential'
import {
  authorityKeyIdsOf,
  createCertificateAuthority,
  issueLeafCertificate,
} from '@netcert/protocol'
import { adultClaims, later, testNow } from './trust-domain.js'

const ISSUER = 'https://issuer.example'
const validity = { notBefore: later(-86_400), notAfter: later(365 * 86_400) }

/** An issuer whose key a small authority certified (`x5c`), and the trust in it. */
export type CertifiedIssuer = {
  readonly trust: Trust
  /** What a query's `trusted_authorities` of type `aki` calls its authority. */
  readonly authorityKeyId: string
  /** One certificate of an adult, without status. */
  mint(holderJwk: PublicJwk): Promise<string>
}

/** With an authority of its own, everything issued at `testNow`. */
export async function createCertifiedIssuer(): Promise<CertifiedIssuer> {
  const { signer, jwk } = await generateSigner('ES256')
  const certificate = await certify(jwk)
  const certified = certifySigner(signer, { iss: ISSUER, certificate })
  const [authorityKeyId] = await authorityKeyIdsOf([certificate])
  if (authorityKeyId === undefined) throw new TypeError('the leaf names no authority')
  return {
    trust: await trustIn(signer.did),
    authorityKeyId,
    mint: (holderJwk) =>
      createCredential({
        type: certificateType(NETWORK_CERTIFICATE),
        signer: certified,
        holderJwk,
        claims: adultClaims,
        issuedAt: testNow,
        expiresAt: later(7 * 86_400),
        status: null,
      }),
  }
}

async function certify(subjectKey: PublicJwk): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign'])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const key = { kty: 'EC', crv: 'P-256', x, y, d } as const
  const authority = {
    key,
    certificate: await createCertificateAuthority({ name: 'Issuers', key, ...validity }),
  }
  const names = { name: 'issuer', dnsNames: ['issuer.example'], uris: [ISSUER] }
  return issueLeafCertificate({ authority, subjectKey, ...names, ...validity })
}

async function trustIn(did: string): Promise<Trust> {
  const { signer: rootSigner } = await generateSigner('ES256')
  const trustListToken = await createTrustList({
    rootSigner,
    content: {
      sequence: 1,
      issuedAt: testNow,
      expiresAt: later(30 * 86_400),
      nextRoot: null,
      registrars: [],
      issuers: [
        {
          did: ISSUER,
          mechanism: 'x5c',
          statusUriPrefix: `${ISSUER}/status/`,
          types: [NETWORK_CERTIFICATE],
          keys: [{ did, use: 'credential', ...validity }],
        },
      ],
    },
  })
  return createTrust({
    trustListToken,
    rootDids: [rootSigner.did],
    now: testNow,
    graceSeconds: 0,
    minimumSequence: 0,
  })
}
