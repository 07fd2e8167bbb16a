import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { freshnessPolicies, generateSigner, type PrivateJwk, type Trust } from '@netcert/credential'
import {
  createCertificateAuthority,
  issueLeafCertificate,
  parseQuery,
  x509HashOf,
} from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import {
  memoryVpSessions,
  type RequestIdentity,
  verifier,
  type VpVerifier,
} from '@netcert/verifier'
import { asExpress, type ExpressPlatform } from '@netcert/verifier/express'
import { createVpVerifier } from '@netcert/verifier/vp'
import { exportJWK, generateKeyPair } from 'jose'

/** Our verifier behind real HTTP, with did:key and a certificate for `localhost`. */
export type AskingVerifier = {
  readonly engine: VpVerifier
  readonly origin: string
  readonly baseUrl: string
  /** Base64 DER of the authority that vouches for the verifier. */
  readonly anchor: string
  readonly query: ReturnType<typeof parseQuery>
  close(): Promise<void>
}

export async function startAskingVerifier(trust: () => Trust): Promise<AskingVerifier> {
  const ready: ExpressPlatform[] = []
  const server = createServer((request, response) => {
    void ready[0]?.routes(request, response, () => response.writeHead(404).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A certificate names hosts, not addresses.
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const baseUrl = `${origin}/netcert`
  const { identity, anchor } = await createIdentity()
  const clock = () => new Date()
  const engine = createVpVerifier({
    ...{ identity, baseUrl, clock, trust },
    freshness: freshnessPolicies['grace-24h'],
    sessions: memoryVpSessions({ clock }),
    platform: () => null,
  })
  const query = parseQuery(queries['age-over-18'])
  const platform = verifier({
    ...{ engine, baseUrl },
    queries: { 'age-over-18': query },
    drawQr: (text) => [text.toString()],
    script: 'export const nothing = 0',
  })
  ready.push(asExpress(platform))
  return {
    ...{ engine, origin, baseUrl, anchor, query },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A key, a certificate for it, and the authority that issued that. */
export async function createIdentity(): Promise<{
  readonly identity: RequestIdentity
  readonly anchor: string
}> {
  const { signer, jwk } = await generateSigner('ES256')
  const validity = {
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 86_400_000),
  }
  const key = await createPrivateJwk()
  const anchor = await createCertificateAuthority({ name: 'Interop authority', key, ...validity })
  const dnsNames = ['localhost']
  const leaf = await issueLeafCertificate({
    authority: { certificate: anchor, key },
    subjectKey: jwk,
    name: 'Interop verifier',
    ...{ dnsNames, uris: [], ...validity },
  })
  const certificate = { chain: [leaf], hash: await x509HashOf(leaf), dnsNames }
  return { identity: { signer, certificate }, anchor }
}

async function createPrivateJwk(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '', d = '' } = await exportJWK(privateKey)
  return { kty: 'EC', crv: 'P-256', x, y, d }
}
