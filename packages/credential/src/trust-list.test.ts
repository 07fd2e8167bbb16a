import { jsonSchemas } from '@netcert/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  at,
  DAY,
  holder,
  issuer,
  listedIssuer,
  listedKey,
  NOW,
  root,
  signTrustList,
  statusKey,
  stranger,
  trustListContent,
} from '../../../test/trust-ground.js'
import { CredentialError, createJws, type JsonObject, type JsonValue, parseJws } from './index.js'
import { TRUST_LIST_TYP, verifyTrustList } from './trust-list.js'
import { encodeTrustList } from './trust-list-content.js'

const refusal = (code: string) => expect.objectContaining({ code })
const rootDid = root.signer.did
const verify = (token: string, changes = {}) =>
  verifyTrustList({
    token,
    rootDids: [rootDid],
    now: NOW,
    graceSeconds: 0,
    minimumSequence: 0,
    ...changes,
  })
/** A list signed by the root whose payload no `createTrustList` would make. */
const signAnything = (changes: { readonly [name: string]: JsonValue }, typ = TRUST_LIST_TYP) =>
  createJws({
    header: { typ, kid: root.signer.keyId },
    payload: { ...encodeTrustList(trustListContent(), rootDid), ...changes },
    signer: root.signer,
  })

describe('a trust list', () => {
  it('is read back as it was signed', async () => {
    const nextRoot = stranger.signer.did
    const registrars = [
      {
        did: holder.signer.did,
        notBefore: new Date(at(-DAY).setMilliseconds(0)),
        notAfter: at(DAY),
      },
    ]
    const list = await verify(await signTrustList({ nextRoot, registrars }))
    expect(list).toEqual({ ...trustListContent({ nextRoot, registrars }), rootDid })
  })

  it('says since when a key is not believed, and cuts the window of one whose publisher did not', async () => {
    const since = new Date(at(-DAY).setMilliseconds(0))
    const keys = [listedKey(issuer, 'credential', { notAfter: at(DAY), revokedAt: since })]
    const list = await verify(await signTrustList({ issuers: [listedIssuer({ keys })] }))
    const end = new Date(since.getTime() - 1000)
    expect(list.issuers[0]?.keys[0]).toMatchObject({ notAfter: end, revokedAt: since })
    const validate = new Ajv2020().compile(jsonSchemas['trust-list'] ?? {})
    const payload = encodeTrustList(list, rootDid)
    expect(validate(payload), JSON.stringify(validate.errors)).toBe(true)
    expect(JSON.stringify(payload)).toContain(`"revoked_at":${since.getTime() / 1000}`)
  })

  it('names its members as the format page does', async () => {
    const { header, payload } = parseJws(await signTrustList(), {
      algorithms: ['ES256'],
      maxDepth: 32,
    })
    expect(header).toEqual({ alg: 'ES256', typ: 'netcert-trust-list+jwt', kid: root.signer.keyId })
    expect(Object.keys(payload)).toEqual([
      'iss',
      'iat',
      'exp',
      'sequence',
      'next_root',
      'issuers',
      'registrars',
    ])
  })

  it('follows its schema, which refuses what we refuse', () => {
    const validate = new Ajv2020().compile(jsonSchemas['trust-list'] ?? {})
    const payload = encodeTrustList(trustListContent(), rootDid)
    expect(validate(payload), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...payload, sequence: 0 })).toBe(false)
    expect(validate({ ...payload, issuers: [{ iss: rootDid }] })).toBe(false)
  })

  it('is taken from any pinned root and from no other', async () => {
    const both = { rootDids: [stranger.signer.did, rootDid] }
    await expect(verify(await signTrustList(), both)).resolves.toMatchObject({ rootDid })
    const foreign = await signTrustList({}, stranger.signer)
    await expect(verify(foreign, both)).resolves.toMatchObject({ rootDid: stranger.signer.did })
    await expect(verify(foreign)).rejects.toThrow(refusal('trust_list_untrusted'))
    await expect(verify(await signTrustList(), { rootDids: [] })).rejects.toThrow(
      refusal('trust_list_untrusted'),
    )
  })

  it('is refused when a pinned root is named but did not sign, or signs for another', async () => {
    const payload = encodeTrustList(trustListContent(), rootDid)
    const header = { typ: TRUST_LIST_TYP, kid: root.signer.keyId }
    const forged = await createJws({ header, payload, signer: stranger.signer })
    await expect(verify(forged)).rejects.toThrow(refusal('bad_signature'))
    await expect(verify(await signAnything({ iss: stranger.signer.did }))).rejects.toThrow(
      refusal('trust_list_untrusted'),
    )
  })

  it('is refused with any byte of it flipped', async () => {
    const token = await signTrustList()
    for (let position = 0; position < token.length; position += 37) {
      const flipped = String.fromCharCode(token.charCodeAt(position) ^ 1)
      const wrong = token.slice(0, position) + flipped + token.slice(position + 1)
      await expect(verify(wrong), String(position)).rejects.toBeInstanceOf(CredentialError)
    }
  })

  it('never goes back in sequence', async () => {
    const token = await signTrustList({ sequence: 7 })
    await expect(verify(token, { minimumSequence: 6 })).resolves.toBeDefined()
    await expect(verify(token, { minimumSequence: 7 })).resolves.toBeDefined()
    await expect(verify(token, { minimumSequence: 8 })).rejects.toThrow(refusal('trust_list_older'))
  })

  it('ends at exp, and with a grace that many seconds later, seven days at most', async () => {
    const token = await signTrustList({ issuedAt: at(-10 * DAY), expiresAt: at(0) })
    const after = (seconds: number, graceSeconds: number) =>
      verify(token, { now: at(seconds), graceSeconds })
    await expect(after(-1, 0)).resolves.toBeDefined()
    await expect(after(0, 0)).rejects.toThrow(refusal('trust_list_expired'))
    await expect(after(DAY - 1, DAY)).resolves.toBeDefined()
    await expect(after(DAY, DAY)).rejects.toThrow(refusal('trust_list_expired'))
    await expect(after(7 * DAY - 1, 30 * DAY)).resolves.toBeDefined()
    await expect(after(7 * DAY, 30 * DAY)).rejects.toThrow(refusal('trust_list_expired'))
  })

  it('is not taken in from more than 24 hours ahead of the clock', async () => {
    const ahead = async (seconds: number) =>
      verify(await signTrustList({ issuedAt: at(seconds), expiresAt: at(10 * DAY) }))
    await expect(ahead(DAY)).resolves.toBeDefined()
    await expect(ahead(DAY + 1)).rejects.toThrow(refusal('time_not_yet_valid'))
  })

  it('lives 30 days at most', async () => {
    const expiresAt = (seconds: number) => ({ issuedAt: at(0), expiresAt: at(seconds) })
    await expect(signTrustList(expiresAt(30 * DAY))).resolves.toBeDefined()
    await expect(signTrustList(expiresAt(30 * DAY + 1))).rejects.toThrow(
      refusal('trust_list_malformed'),
    )
    await expect(signTrustList(expiresAt(0))).rejects.toThrow(refusal('trust_list_malformed'))
  })

  it('is refused under another typ', async () => {
    for (const typ of ['JWT', 'statuslist+jwt', 'netcert-pack+jwt']) {
      await expect(verify(await signAnything({}, typ))).rejects.toThrow(refusal('typ_mismatch'))
    }
  })

  it('is bounded', async () => {
    const long = `${await signTrustList()}${'A'.repeat(16 * 1024 * 1024)}`
    await expect(verify(long)).rejects.toThrow(refusal('too_large'))
  })

  const entry = encodeTrustList(trustListContent(), rootDid)['issuers'] as readonly JsonObject[]
  const withIssuer = (changes: { readonly [name: string]: JsonValue }) => ({
    issuers: [{ ...entry[0], ...changes }],
  })
  const key = { did: issuer.signer.did, use: 'credential', not_before: 1, not_after: 2 }

  it.each([
    ['sequence 0', { sequence: 0 }],
    ['a fraction as sequence', { sequence: 1.5 }],
    ['no times', { iat: null }],
    ['a time as text', { exp: '1800000000' }],
    ['a time beyond all dates', { exp: 9e15, iat: 9e15 - 1 }],
    ['a next root that is no key', { next_root: 'did:web:example.com' }],
    ['issuers that are no array', { issuers: {} }],
    ['an issuer that is no object', { issuers: ['x'] }],
    ['one issuer twice', { issuers: [entry[0] ?? null, entry[0] ?? null] }],
    ['an issuer of another DID method', withIssuer({ iss: 'did:web:example.com' })],
    ['an unknown mechanism', withIssuer({ mechanism: 'jwks' })],
    ['a status prefix without its slash', withIssuer({ status_uri_prefix: 'https://a.example/s' })],
    ['an empty status prefix', withIssuer({ status_uri_prefix: '' })],
    ['types that are no texts', withIssuer({ types: [1] })],
    ['a key twice for one use', withIssuer({ keys: [key, key] })],
    ['a key with an unknown use', withIssuer({ keys: [{ ...key, use: 'root' }] })],
    ['a key that ends before it begins', withIssuer({ keys: [{ ...key, not_after: 0 }] })],
    ['a key taken back at no time', withIssuer({ keys: [{ ...key, revoked_at: null }] })],
    ['a key that is none', withIssuer({ keys: [{ ...key, did: `${key.did}#x` }] })],
    ['registrars that are missing', { registrars: null }],
  ])('is malformed with %s', async (_, changes) => {
    await expect(verify(await signAnything(changes))).rejects.toThrow(
      refusal('trust_list_malformed'),
    )
  })

  it('takes one key for two uses, and an issuer found by certificate', async () => {
    const keys = [listedKey(issuer, 'credential'), listedKey(issuer, 'pack')]
    const byCertificate = listedIssuer({
      did: 'https://issuer.example',
      mechanism: 'x5c',
      keys: [],
    })
    const token = await signTrustList({ issuers: [listedIssuer({ keys }), byCertificate] })
    const { issuers } = await verify(token)
    expect(issuers.map(({ mechanism }) => mechanism)).toEqual(['did:key', 'x5c'])
    expect(statusKey.signer.did).not.toBe(issuer.signer.did)
  })
})
