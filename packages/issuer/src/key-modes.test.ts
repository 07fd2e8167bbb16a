import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '@netcert/agent'
import {
  certificateTypes,
  createTrust,
  GATE_PASS,
  generateSigner,
  NETWORK_CERTIFICATE,
  parseJws,
  signatureAlgorithms,
  type Trust,
  verifyReceivedCredential,
  WARD_CERTIFICATE,
  withStatusLists,
} from '@netcert/credential'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestIssuer, temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { initIssuer, openIssuer } from './index.js'
import { keyModesOf } from './key-modes.js'

const baseUrl = 'https://issuer.example'
const now = testClock()
const databases = { location: async () => ({ sqlite: '' }), open: openDatabase }
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let dir: string

beforeEach(async () => {
  folder = await temporaryFolder()
  dir = join(folder.path, 'issuer')
})
afterEach(() => folder.remove())

describe('the key modes of a configuration', () => {
  it('are one for all certificates where nothing else is said', () => {
    for (const mode of ['did:key', 'x5c'] as const) {
      const modes = keyModesOf({ key_mode: mode, key_modes: {} })
      expect(modes.used).toEqual([{ mode, types: [...certificateTypes.keys()] }])
      expect([modes.status, modes.metadata]).toEqual([mode, mode])
    }
  })

  it('are those of the configuration, and of whatever has a status together', () => {
    const modes = keyModesOf({
      key_mode: 'did:key',
      key_modes: { 'network-certificate-platform': 'x5c' },
    })
    const as = (vct: string, kind: 'one-time' | 'platform') => modes.of({ vct, kind })
    expect(as(NETWORK_CERTIFICATE, 'platform')).toBe('x5c')
    expect(as(WARD_CERTIFICATE, 'platform')).toBe('x5c')
    expect(as(NETWORK_CERTIFICATE, 'one-time')).toBe('did:key')
    expect(as(GATE_PASS, 'one-time')).toBe('did:key')
    expect([modes.status, modes.metadata]).toEqual(['x5c', 'x5c'])
    expect(modes.used.map(({ mode }) => mode)).toEqual(['did:key', 'x5c'])
    expect(modes.used[1]?.types).toEqual(expect.arrayContaining([WARD_CERTIFICATE]))
    expect(modes.used[1]?.types).not.toContain(GATE_PASS)
  })

  it('leave a list that is signed by did:key, when only gate passes are certified', () => {
    const modes = keyModesOf({ key_mode: 'did:key', key_modes: { 'gate-pass': 'x5c' } })
    expect(modes.status).toBe('did:key')
    expect(modes.used[1]).toEqual({ mode: 'x5c', types: [GATE_PASS] })
  })
})

/** An issuer with both, what it minted for an adult, and who believes it. */
async function issueBoth() {
  const keyModes = { 'network-certificate-platform': 'x5c' } as const
  const started = await startTestIssuer({ dir, databases, citizens: 20, keyModes })
  const { issuer, citizens, rootDid } = started
  const { jwk } = await generateSigner('ES256')
  const mint = (type: string, copies: 'one-time' | 'platform') =>
    Promise.any(
      citizens.map((citizen) => issuer.mint({ type, copies, holderJwks: [jwk], citizen })),
    )
  const platform = await mint(NETWORK_CERTIFICATE, 'platform')
  const oneTime = await mint(NETWORK_CERTIFICATE, 'one-time')
  const trust = async () => {
    await issuer.publish({ out: join(folder.path, 'public') })
    const token = await readFile(join(folder.path, 'public/status/1.jwt'), 'utf8')
    const trustListToken = await readFile(join(folder.path, 'public/trust-list.jwt'), 'utf8')
    const rootDids = [rootDid]
    const empty = { trustListToken, rootDids, now, graceSeconds: 0, minimumSequence: 0 }
    return withStatusLists(await createTrust(empty), [token], now)
  }
  const receive = (believed: Trust, credential = '') =>
    verifyReceivedCredential(believed, credential, { now, holderJwk: jwk })
  return { ...started, platform, oneTime, trust, receive }
}

const headerOf = (credential = '') =>
  parseJws(credential.split('~')[0] ?? '', { algorithms: signatureAlgorithms, maxDepth: 32 }).header

describe('an issuer of certificates in both key modes', () => {
  it('signs each in its own, and both are believed on one trust list', async () => {
    const { platform, oneTime, trust, receive, issuers, issuerDid, close } = await issueBoth()
    expect(issuers).toEqual([issuerDid, baseUrl])
    expect(headerOf(platform.credentials[0])).toHaveProperty('x5c')
    expect(headerOf(oneTime.credentials[0])).not.toHaveProperty('x5c')
    const { trust: believed, refused } = await trust()
    expect(refused).toEqual([])
    expect([...believed.issuers.keys()]).toEqual([issuerDid, baseUrl])
    expect((await receive(believed, platform.credentials[0])).issuer).toBe(baseUrl)
    expect((await receive(believed, oneTime.credentials[0])).issuer).toBe(issuerDid)
    await close()
  })

  it('has one status list, which counts for those that name it', async () => {
    const { trust, issuerDid, platform, receive, close } = await issueBoth()
    const { trust: believed } = await trust()
    const received = await receive(believed, platform.credentials[0])
    expect(believed.issuers.get(baseUrl)?.statusLists.has(received.status?.uri ?? '')).toBe(true)
    expect(believed.issuers.get(issuerDid)?.statusLists.size).toBe(0)
    await close()
  })

  it('is not believed when a certificate of one mode bears the name of the other', async () => {
    const { trust, platform, oneTime, receive, close } = await issueBoth()
    const { trust: believed } = await trust()
    // The signature is over the header too, so that exchanging headers breaks it; and the trust
    // list finds no key by the other way before that.
    const swapped = (credential = '', header = '') =>
      credential.replace(/^[^.]+/, header.split('.')[0] ?? '')
    const [[one], [two]] = [platform.credentials, oneTime.credentials]
    await expect(receive(believed, swapped(one, two))).rejects.toMatchObject({
      code: expect.stringMatching(/^(x5c_invalid|header_invalid|key_not_of_issuer|bad_signature)$/),
    })
    await expect(receive(believed, swapped(two, one))).rejects.toMatchObject({
      code: expect.stringMatching(/^(header_invalid|key_not_of_issuer|bad_signature)$/),
    })
    await close()
  })

  it('opens again as it was, and says what is wrong with its modes', async () => {
    const { close } = await issueBoth()
    await close()
    await (await openIssuer({ dir, clock: testClock })).close()
    const file = join(dir, 'netcert.json')
    const config = JSON.parse(await readFile(file, 'utf8')) as object
    for (const key_modes of [{ 'no-such': 'x5c' }, { 'gate-pass': 'jwks' }, 'x5c', ['x5c']]) {
      await writeFile(file, JSON.stringify({ ...config, key_modes }))
      await expect(openIssuer({ dir, clock: testClock })).rejects.toMatchObject({
        code: 'config_malformed',
      })
    }
    const keyModes = { 'no-such': 'x5c' } as object
    const other = join(folder.path, 'other')
    await expect(initIssuer({ dir: other, baseUrl, now, keyModes })).rejects.toMatchObject({
      code: 'type_unknown',
    })
  })
})
