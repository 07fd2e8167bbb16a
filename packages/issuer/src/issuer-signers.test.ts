import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '@netcert/agent'
import {
  certificateTypes,
  createTrust,
  generateSigner,
  NETWORK_CERTIFICATE,
  parseJws,
  signatureAlgorithms,
  verifyReceivedCredential,
  withStatusLists,
} from '@netcert/credential'
import { parsePemCertificates, verifyCertificateChain } from '@netcert/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestIssuer, temporaryFolder, testClock } from '../../../test/issuer-ground.js'
import { initIssuer, openIssuer } from './index.js'

const baseUrl = 'https://issuer.example'
const now = testClock()
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let dir: string
const databases = { location: async () => ({ sqlite: '' }), open: openDatabase }
const open = () => openIssuer({ dir, clock: testClock })
const pemAt = (name: string) => readFile(join(dir, name), 'utf8')
const certificateAt = async (name: string) => parsePemCertificates(await pemAt(name))[0] ?? ''

beforeEach(async () => {
  folder = await temporaryFolder()
  dir = join(folder.path, 'issuer')
})
afterEach(() => folder.remove())

const startByCertificate = () => startTestIssuer({ dir, databases, citizens: 20, keyMode: 'x5c' })

describe('an issuer found by certificate', () => {
  it('mints and publishes what is believed on the word of its trust list', async () => {
    const { issuer, rootDid, citizens, close } = await startByCertificate()
    const { jwk } = await generateSigner('ES256')
    const adult = { type: NETWORK_CERTIFICATE, copies: 'platform', holderJwks: [jwk] } as const
    const minted = await Promise.any(citizens.map((citizen) => issuer.mint({ ...adult, citizen })))
    const report = await issuer.publish({ out: join(folder.path, 'public') })
    const token = await readFile(join(folder.path, 'public/status/1.jwt'), 'utf8')
    const trustListToken = await issuer.trustList()
    await close()
    const rootDids = [rootDid]
    const empty = { trustListToken, rootDids, now, graceSeconds: 0, minimumSequence: 0 }
    const { trust, refused } = await withStatusLists(await createTrust(empty), [token], now)
    expect(refused).toEqual([])
    expect(report.statusLists).toHaveLength(1)
    expect(trust.issuers.get(baseUrl)?.types.size).toBe(certificateTypes.size)
    const [credential = ''] = minted.credentials
    const received = await verifyReceivedCredential(trust, credential, { now, holderJwk: jwk })
    expect(received).toMatchObject({ issuer: baseUrl, vct: NETWORK_CERTIFICATE })
  })

  it('sends leaves that lead to its ca.pem, and never the authority itself', async () => {
    const { issuer, citizens, close } = await startByCertificate()
    const { jwk } = await generateSigner('ES256')
    const adult = { type: NETWORK_CERTIFICATE, copies: 'platform', holderJwks: [jwk] } as const
    const minted = await Promise.any(citizens.map((citizen) => issuer.mint({ ...adult, citizen })))
    await close()
    const [jwt = ''] = (minted.credentials[0] ?? '').split('~')
    const { header } = parseJws(jwt, { algorithms: signatureAlgorithms, maxDepth: 32 })
    expect(header).not.toHaveProperty('kid')
    const x5c = header['x5c']
    expect(x5c).toEqual([await certificateAt('issuer-1.pem')])
    const anchors = { certificates: [await certificateAt('ca.pem')] }
    const chain = await verifyCertificateChain({ x5c, anchors, now })
    expect(chain).toMatchObject({ dnsNames: ['issuer.example'], anchored: true })
  })

  it('keeps the key of its authority to itself', async () => {
    const { close } = await startByCertificate()
    await close()
    expect((await stat(join(dir, 'secrets/ca.key'))).mode & 0o777).toBe(0o600)
    for (const name of ['ca.pem', 'issuer-1.pem', 'status-1.pem']) {
      expect(await pemAt(name)).not.toContain('PRIVATE')
    }
  })

  it('can be named by an address, which is no DNS name', async () => {
    const base = { dir, baseUrl: 'http://127.0.0.1:8640', now, keyMode: 'x5c' as const }
    expect(await initIssuer(base)).toMatchObject({ iss: base.baseUrl, keyMode: 'x5c' })
    const anchors = { certificates: [await certificateAt('ca.pem')] }
    const x5c = [await certificateAt('status-1.pem')]
    expect(await verifyCertificateChain({ x5c, anchors, now })).toMatchObject({ dnsNames: [] })
  })

  it('does not open without its certificates, nor with those of another key', async () => {
    await initIssuer({ dir, baseUrl, now, keyMode: 'x5c' })
    const leaf = join(dir, 'issuer-1.pem')
    const own = await readFile(leaf, 'utf8')
    await writeFile(leaf, await pemAt('status-1.pem'))
    await expect(open()).rejects.toMatchObject({ code: 'certificate_wrong' })
    await writeFile(leaf, own + (await pemAt('ca.pem')))
    await expect(open()).rejects.toMatchObject({ code: 'certificate_wrong' })
    await writeFile(leaf, await pemAt('ca.pem'))
    await expect(open()).rejects.toMatchObject({ code: 'certificate_wrong' })
    await rm(leaf)
    await expect(open()).rejects.toMatchObject({ code: 'certificate_missing' })
  })
})

describe('an issuer found by did:key', () => {
  it('has no authority, and is what a folder without key_mode says', async () => {
    const { iss, issuerDid } = await initIssuer({ dir, baseUrl, now })
    expect(iss).toBe(issuerDid)
    await expect(pemAt('ca.pem')).rejects.toThrow('ENOENT')
    const { key_mode: mode, ...older } = JSON.parse(await pemAt('netcert.json'))
    expect(mode).toBe('did:key')
    await writeFile(join(dir, 'netcert.json'), JSON.stringify(older))
    await (await open()).close()
    await writeFile(join(dir, 'netcert.json'), JSON.stringify({ ...older, key_mode: 'jwks' }))
    await expect(open()).rejects.toMatchObject({ code: 'config_malformed' })
  })
})
