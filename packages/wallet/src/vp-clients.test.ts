import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner } from '@netcert/credential'
import {
  createCertificateAuthority,
  createRequestUrl,
  createUnsignedRequestObject,
  createVerifierAttestation,
  encodePemCertificate,
  issueLeafCertificate,
  type RequestObject,
  x509HashOf,
} from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { later, testNow } from '../../../test/trust-domain.js'
import { vpGround } from '../../../test/vp-ground.js'
import { type Asker, didAsker, linkOf, requestOf } from '../../../test/vp-verifier-ground.js'

const vp = vpGround()
const { answer, reopen } = vp
const refusalOf = (request: string) => vp.refusalOf(request)
const signedAs = (from: Asker, changes: Partial<RequestObject> = {}) =>
  linkOf(from, requestOf(vp.server, changes))

async function certifiedBy(dnsNames: readonly string[]) {
  const validity = { notBefore: later(-3600), notAfter: later(86_400) }
  const newKey = async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
    ])
    const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
    return { kty: 'EC', crv: 'P-256', x, y, d } as const
  }
  const key = await newKey()
  const certificate = await createCertificateAuthority({ name: 'Verifiers', key, ...validity })
  const { signer, jwk } = await generateSigner('ES256')
  const leaf = await issueLeafCertificate({
    authority: { certificate, key },
    subjectKey: jwk,
    name: 'a verifier',
    dnsNames,
    uris: [],
    ...validity,
  })
  const as = (clientId: string): Asker => ({
    clientId,
    signer,
    proof: { kind: 'x5c', chain: [leaf] },
  })
  const anchor = encodePemCertificate(certificate)
  return { as, anchor, selfSigned: certificate, hash: await x509HashOf(leaf) }
}
const trustAnchor = async (pem: string) => {
  await writeFile(join(vp.ground.folder, 'wallet', 'verifier-anchors.pem'), pem)
  await reopen()
}

describe('a verifier named by its DID', () => {
  it('is answered when its key signed the request', async () => {
    expect(await answer(await signedAs(vp.asker))).toBe('answered')
    expect((await vp.wallet.ledger())[0]?.audience).toBe(vp.asker.clientId)
  })

  it('is refused when another key signed, or the DID is of a method that would be fetched', async () => {
    const { signer } = await didAsker()
    expect(await refusalOf(await signedAs({ ...vp.asker, signer }))).toBe('client_unproven')
    const forged = { ...signer, keyId: vp.asker.signer.keyId }
    expect(await refusalOf(await signedAs({ ...vp.asker, signer: forged }))).toBe(
      'request_signature',
    )
    const web = { ...vp.asker, clientId: 'decentralized_identifier:did:web:shop.example' }
    expect(await refusalOf(await signedAs(web))).toBe('client_unproven')
  })
})

describe('a verifier named by a certificate', () => {
  it('is answered by the hash of its leaf, under an authority the wallet knows', async () => {
    const { as, anchor, hash } = await certifiedBy(['shop.example'])
    await trustAnchor(anchor)
    const request = await signedAs(as(`x509_hash:${hash}`))
    expect((await vp.wallet.previewRequest(request)).verifier).toMatchObject({
      clientId: `x509_hash:${hash}`,
      proof: 'certificate',
      accredited: false,
    })
    expect(await answer(request)).toBe('answered')
  })

  it('is answered by a DNS name of its leaf, to that host only', async () => {
    const { as, anchor } = await certifiedBy(['127.0.0.1', 'shop.example'])
    await trustAnchor(anchor)
    expect(await answer(await signedAs(as('x509_san_dns:127.0.0.1')))).toBe('answered')
    expect(await refusalOf(await signedAs(as('x509_san_dns:shop.example')))).toBe('response_uri')
  })

  it('is refused with another hash, another name, or a wildcard', async () => {
    const { as, anchor, hash } = await certifiedBy(['*.example'])
    await trustAnchor(anchor)
    const other = `${hash.slice(0, -1)}${hash.endsWith('A') ? 'E' : 'A'}`
    expect(await refusalOf(await signedAs(as(`x509_hash:${other}`)))).toBe('client_unproven')
    expect(await refusalOf(await signedAs(as('x509_san_dns:127.0.0.1')))).toBe('client_unproven')
    expect(await refusalOf(await signedAs(as('x509_san_dns:shop.example')))).toBe('client_unproven')
  })

  it('is refused under an authority the wallet does not know, and self-signed under any', async () => {
    const { as, hash } = await certifiedBy(['127.0.0.1'])
    const { anchor, selfSigned } = await certifiedBy([])
    await trustAnchor(anchor)
    expect(await refusalOf(await signedAs(as(`x509_hash:${hash}`)))).toBe('certificate_chain')
    const itself: Asker = {
      ...as(`x509_hash:${await x509HashOf(selfSigned)}`),
      proof: { kind: 'x5c', chain: [selfSigned] },
    }
    expect(await refusalOf(await signedAs(itself))).toBe('certificate_chain')
    const bare: Asker = { ...as(`x509_hash:${hash}`), proof: { kind: 'did' } }
    expect(await refusalOf(await signedAs(bare))).toBe('client_unproven')
  })

  it('is proven by its key only, where the wallet knows no authority at all', async () => {
    const { as, hash } = await certifiedBy(['127.0.0.1'])
    const { verifier } = await vp.wallet.previewRequest(await signedAs(as(`x509_hash:${hash}`)))
    expect(verifier.proof).toBe('key')
    expect(await answer(await signedAs(as('x509_san_dns:127.0.0.1')))).toBe('answered')
  })
})

describe('a verifier with an attestation', () => {
  const attested = async (changes: object = {}) => {
    const attester = await generateSigner('ES256')
    const { signer, jwk } = await generateSigner('ES256')
    const jwt = await createVerifierAttestation({
      signer: attester.signer,
      iss: 'https://attester.example',
      subject: 'shop',
      key: jwk,
      issuedAt: testNow,
      expiresAt: later(3600),
      ...changes,
    })
    const file = join(vp.ground.folder, 'wallet', 'verifier-attesters.json')
    await writeFile(file, JSON.stringify([{ iss: 'https://attester.example', jwk: attester.jwk }]))
    await reopen()
    return { clientId: 'verifier_attestation:shop', signer, proof: { kind: 'attestation', jwt } }
  }
  const asAsker = (from: Awaited<ReturnType<typeof attested>>) => from as Asker

  it('is answered when somebody the wallet believes attests its key', async () => {
    const from = asAsker(await attested({ redirectUris: [`${vp.server.url}/response`] }))
    const request = await signedAs(from)
    expect((await vp.wallet.previewRequest(request)).verifier.proof).toBe('attestation')
    expect(await answer(request)).toBe('answered')
  })

  it('is refused for another name, another address, another key, or too late', async () => {
    const named = asAsker(await attested({ subject: 'other' }))
    expect(await refusalOf(await signedAs(named))).toBe('client_unproven')
    const elsewhere = asAsker(await attested({ redirectUris: ['https://shop.example/'] }))
    expect(await refusalOf(await signedAs(elsewhere))).toBe('response_uri')
    const { signer } = await didAsker()
    const stolen = asAsker({ ...(await attested()), signer })
    expect(await refusalOf(await signedAs(stolen))).toBe('request_signature')
    const expired = asAsker(await attested({ expiresAt: later(-3600) }))
    expect(await refusalOf(await signedAs(expired))).toBe('client_unproven')
  })

  it('is refused when nobody the wallet believes attests it', async () => {
    const from = asAsker(await attested({ iss: 'https://stranger.example' }))
    expect(await refusalOf(await signedAs(from))).toBe('client_unproven')
  })
})

describe('a client identifier', () => {
  it.each([
    ['client_id_prefix', 'openid_federation:https://shop.example'],
    ['client_id_prefix', 'origin:https://shop.example'],
    ['client_id_prefix', 'https://shop.example'],
    ['client_id_prefix', 'x509_san_uri:https://shop.example'],
    ['client_unknown', 'shop'],
  ])('is refused (%s): %s', async (code, clientId) => {
    expect(await refusalOf(await signedAs({ ...vp.asker, clientId }))).toBe(code)
  })

  it('must sign unless it is the address itself', async () => {
    const request = createRequestUrl({
      request: requestOf(vp.server, { client_id: vp.asker.clientId }),
    })
    expect(await refusalOf(request)).toBe('client_unproven')
    const unsigned = createUnsignedRequestObject(
      requestOf(vp.server, { client_id: vp.asker.clientId }),
    )
    const link = createRequestUrl({ clientId: vp.asker.clientId, requestObject: unsigned })
    expect(await refusalOf(link)).toBe('client_unproven')
  })
})
