import {
  certificateType,
  certifySigner,
  createCredential,
  createTrust,
  createTrustList,
  generateSigner,
  NETWORK_CERTIFICATE,
} from '@netcert/credential'
import {
  authorityKeyIdsOf,
  createCertificateAuthority,
  issueLeafCertificate,
  parseAnswer,
} from '@netcert/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { adultClaims, later, testNow } from '../../../test/trust-domain.js'
import { vpGround } from '../../../test/vp-ground.js'
import { linkOf, requestOf } from '../../../test/vp-verifier-ground.js'

const vp = vpGround({ copies: 0 })
const ISSUER = 'https://issuer.example'

/** An issuer with a certificate under an authority of its own, and the trust in it. */
async function certifiedIssuer() {
  const validity = { notBefore: later(-86_400), notAfter: later(365 * 86_400) }
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const key = { kty: 'EC', crv: 'P-256', x, y, d } as const
  const authority = {
    key,
    certificate: await createCertificateAuthority({ name: 'Issuers', key, ...validity }),
  }
  const { signer, jwk } = await generateSigner('ES256')
  const names = { name: 'issuer', dnsNames: ['issuer.example'], uris: [ISSUER] }
  const leaf = await issueLeafCertificate({ authority, subjectKey: jwk, ...names, ...validity })
  const { signer: root } = await generateSigner('ES256')
  const trustListToken = await createTrustList({
    rootSigner: root,
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
          keys: [{ did: signer.did, use: 'credential', ...validity }],
        },
      ],
    },
  })
  const trust = await createTrust({
    trustListToken,
    rootDids: [root.did],
    now: testNow,
    graceSeconds: 0,
    minimumSequence: 0,
  })
  return { trust, signer: certifySigner(signer, { iss: ISSUER, certificate: leaf }), leaf }
}

async function answer(trusted_authorities: object[]) {
  const dcql_query = {
    credentials: [
      {
        id: 'c',
        format: 'dc+sd-jwt',
        meta: { vct_values: [NETWORK_CERTIFICATE] },
        claims: [{ path: ['real_person'] }],
        trusted_authorities,
      },
    ],
  }
  await vp.answer(await linkOf(vp.asker, requestOf(vp.server, { dcql_query })))
  const told = parseAnswer(vp.server.answers.at(-1) ?? {})
  return told.kind === 'presentations' ? Object.keys(told.vpToken) : told.error
}

describe('trusted authorities over a certificate of an issuer with x5c', () => {
  let authority: string | undefined
  beforeEach(async () => {
    const { trust, signer, leaf } = await certifiedIssuer()
    await vp.reopen({ trust: () => trust })
    const keys = await vp.wallet.createHolderKeys(1)
    const credentials = keys.map((holderJwk) =>
      createCredential({
        type: certificateType(NETWORK_CERTIFICATE),
        signer,
        holderJwk,
        claims: adultClaims,
        issuedAt: testNow,
        expiresAt: later(7 * 86_400),
        status: null,
      }),
    )
    await vp.wallet.receive({ credentials: await Promise.all(credentials), kind: 'one-time' })
    authority = (await authorityKeyIdsOf([leaf]))[0]
  })

  it('are met by the key identifier of the authority that certified it', async () => {
    const other = { type: 'etsi_tl', values: ['https://list.example'] }
    const aki = { type: 'aki', values: ['another', authority ?? ''] }
    expect(await answer([other, aki])).toEqual(['c'])
  })

  it('are not met by another authority, or by the same text of another kind', async () => {
    expect(await answer([{ type: 'aki', values: ['another'] }])).toBe('access_denied')
    const federation = { type: 'openid_federation', values: [authority ?? ''] }
    expect(await answer([federation])).toBe('access_denied')
    expect((await vp.wallet.list())[0]?.remaining).toBe(1)
  })
})
