import { jwkThumbprint } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { createKeyProof, issuedResponseSchema } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/

describe.each(engines)('the credential endpoint on %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  const jwtProofs = async (count: number, nonce?: string) =>
    proofsOf(await newHolderKeys(count), { nonce: nonce ?? (await test.nonce()), now: test.now })
  const body = async (members: object = {}) => ({
    credential_configuration_id: 'network-certificate',
    proofs: { jwt: await jwtProofs(1) },
    ...members,
  })
  const ask = (sent: object | string, token = test.grant({})) =>
    test.post('/credential', { token, body: sent })
  const refused = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const answer = (await response.json()) as { error: string; error_description?: string }
    expect(answer.error_description ?? '').toMatch(DESCRIPTION)
    return [response.status, answer.error]
  }

  it('issues one copy for each of ten keys, of one dataset and told apart by nothing but key', async () => {
    const keys = await newHolderKeys(10)
    const jwt = await proofsOf(keys, { nonce: await test.nonce(), now: test.now })
    const response = await ask(
      await body({ proofs: { jwt }, unknown_member: { of: ['a wallet'] } }),
    )
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const answer = issuedResponseSchema.parse(await response.json())
    expect(answer.notification_id).toMatch(/^[\w-]{32}$/)
    const copies = await Promise.all(
      answer.credentials.map(({ credential }) => inspectCredential(credential)),
    )
    const bound = copies.map((copy) => jwkThumbprint(copy.holderJwk))
    expect(new Set(bound)).toEqual(new Set(keys.map(({ jwk }) => jwkThumbprint(jwk))))
    expect(new Set(copies.map((copy) => copy.issuedAt.getTime())).size).toBe(1)
    expect(copies[0]!.issuedAt.getTime() % 3_600_000).toBe(0)
    // Wallets of others refuse a certificate from a DID whose header does not name the key.
    const [header = ''] = answer.credentials[0]!.credential.split('.')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: string }
    expect(kid).toMatch(/^did:key:(z\w+)#\1$/)
  })

  it('issues as many copies as there are proofs, and no more than the type has', async () => {
    const counts = async (id: string, proofs: number) => {
      const proven = { jwt: await jwtProofs(proofs) }
      const response = await ask({ credential_configuration_id: id, proofs: proven })
      return issuedResponseSchema.parse(await response.json()).credentials.length
    }
    expect(await counts('network-certificate', 3)).toBe(3)
    expect(await counts('gate-pass', 10)).toBe(8)
    expect(await counts('network-certificate-platform', 2)).toBe(1)
  })

  it('takes proofs named by did:key, and a credential_identifier of the token', async () => {
    const [key] = await newHolderKeys(1)
    const jwt = await createKeyProof({
      ...key!,
      keyBy: 'did:key',
      audience: 'https://issuer.example/tenant',
      issuedAt: test.now,
      nonce: await test.nonce(),
      clientId: 'wallet.example',
    })
    const token = test.grant({
      clientId: 'wallet.example',
      configurationIds: [],
      credentialIdentifiers: [{ identifier: 'a-1', configurationId: 'gate-pass' }],
    })
    const response = await ask({ credential_identifier: 'a-1', proofs: { jwt: [jwt] } }, token)
    expect(response.status).toBe(200)
  })

  it('leaves the token usable after invalid_nonce', async () => {
    const token = test.grant({})
    const old = await test.nonce()
    await ask(await body({ proofs: { jwt: await jwtProofs(1, old) } }), token)
    const again = await ask(await body({ proofs: { jwt: await jwtProofs(1, old) } }), token)
    expect(await refused(again)).toEqual([400, 'invalid_nonce'])
    expect((await ask(await body(), token)).status).toBe(200)
  })

  it('issues once for a nonce, however many requests bring it at once', async () => {
    const nonce = await test.nonce()
    const sends = await Promise.all(
      Array.from({ length: 6 }, async () =>
        ask(await body({ proofs: { jwt: await jwtProofs(1, nonce) } })),
      ),
    )
    expect(sends.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200, 400, 400, 400, 400, 400,
    ])
  })

  it('takes a nonce for five minutes', async () => {
    const start = test.now
    const [early, late] = [await test.nonce(), await test.nonce()]
    test.now = new Date(start.getTime() + 299_000)
    expect((await ask(await body({ proofs: { jwt: await jwtProofs(1, early) } }))).status).toBe(200)
    test.now = new Date(start.getTime() + 300_000)
    const response = await ask(await body({ proofs: { jwt: await jwtProofs(1, late) } }))
    test.now = start
    expect(await refused(response)).toEqual([400, 'invalid_nonce'])
  })

  it.each([
    ['both names', { credential_identifier: 'a-1' }, 'invalid_credential_request'],
    ['no name', { credential_configuration_id: undefined }, 'invalid_credential_request'],
    ['a name that is a number', { credential_configuration_id: 7 }, 'invalid_credential_request'],
    [
      'a configuration nobody has',
      { credential_configuration_id: 'passport' },
      'unknown_credential_configuration',
    ],
    [
      'an identifier that is not in the token',
      { credential_configuration_id: undefined, credential_identifier: 'a-2' },
      'unknown_credential_identifier',
    ],
    ['no proofs', { proofs: undefined }, 'invalid_proof'],
    ['the proof of a draft', { proofs: undefined, proof: { jwt: 'e30.e30.AA' } }, 'invalid_proof'],
    ['proofs that are a list', { proofs: [] }, 'invalid_proof'],
    ['an empty list of proofs', { proofs: { jwt: [] } }, 'invalid_proof'],
    ['proofs of an unknown type', { proofs: { cwt: ['e30'] } }, 'invalid_proof'],
    [
      'an attestation where none are looked at',
      { proofs: { attestation: ['e30.e30.AA'] } },
      'invalid_proof',
    ],
    [
      'encryption of the answer in a plain request',
      { credential_response_encryption: { jwk: {}, enc: 'A128GCM' } },
      'invalid_encryption_parameters',
    ],
  ] as const)('refuses %s', async (_what, members, error) => {
    expect(await refused(await ask(await body(members)))).toEqual([400, error])
  })

  it('refuses a configuration that the token is not for', async () => {
    const token = test.grant({ configurationIds: ['gate-pass'] })
    expect(await refused(await ask(await body(), token))).toEqual([
      400,
      'invalid_credential_request',
    ])
  })

  it('refuses one proof too many, two types of proof, and a key that comes twice', async () => {
    const proofs = async (value: object) => refused(await ask(await body({ proofs: value })))
    expect(await proofs({ jwt: await jwtProofs(11) })).toEqual([400, 'invalid_proof'])
    const both = { jwt: await jwtProofs(1), attestation: ['e30.e30.AA'] }
    expect(await proofs(both)).toEqual([400, 'invalid_proof'])
    const [key] = await newHolderKeys(1)
    const twice = await proofsOf([key!, key!], { nonce: await test.nonce(), now: test.now })
    expect(await proofs({ jwt: twice })).toEqual([400, 'invalid_proof'])
  })

  it('refuses proofs without nonce, with different nonces, and with a nonce of its own making', async () => {
    const keys = await newHolderKeys(2)
    const bare = await proofsOf(keys, { nonce: null, now: test.now })
    expect(await refused(await ask(await body({ proofs: { jwt: bare } })))).toEqual([
      400,
      'invalid_proof',
    ])
    const mixed = [...(await jwtProofs(1)), ...(await jwtProofs(1))]
    expect(await refused(await ask(await body({ proofs: { jwt: mixed } })))).toEqual([
      400,
      'invalid_proof',
    ])
    const own = await test.nonce()
    const made = await jwtProofs(1, `${own.startsWith('A') ? 'B' : 'A'}${own.slice(1)}`)
    expect(await refused(await ask(await body({ proofs: { jwt: made } })))).toEqual([
      400,
      'invalid_nonce',
    ])
  })

  it('denies what the person may not have, without saying who they are', async () => {
    const response = await ask(await body(), test.grant({ citizen: test.child }))
    const answer = (await response.json()) as { error: string; error_description: string }
    expect([response.status, answer.error]).toEqual([400, 'credential_request_denied'])
    expect(answer.error_description).not.toMatch(/2014|小明|王|c_/)
  })

  it('asks for a token, and for a good one', async () => {
    const none = await test.post('/credential', { body: await body() })
    expect([none.status, await none.text()]).toEqual([401, ''])
    expect(none.headers.get('www-authenticate')).toBe('DPoP algs="ES256 EdDSA", Bearer')
    const bad = await ask(await body(), 'nonsense')
    expect(await refused(bad)).toEqual([401, 'invalid_token'])
    const inUrl = await test.post(`/credential?access_token=${test.grant({})}`, {
      body: await body(),
    })
    expect(inUrl.status).toBe(401)
  })
})
