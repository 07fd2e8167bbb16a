import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsePemCertificates, verifyCertificateChain } from '@netcert/protocol'
import {
  initVerifier,
  openVerifierServer,
  openVerifierDesk,
  renewCertificate,
} from '@netcert/verifier/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../test/free-port.js'
import { createTrustDomain, later, testNow, type TrustDomain } from '../../../test/trust-domain.js'
import { over18 } from '../../../test/vp-platform-ground.js'
import { readVpRequest } from '../../../test/vp-wallet-ground.js'

const DAY = 86_400
let home = ''
let dir = ''
let domain: TrustDomain
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'netcert-renewal-'))
  dir = join(home, 'verifier')
  domain = await createTrustDomain()
  await domain.publish(join(home, 'published'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function init(options: { readonly x5c?: null } = {}) {
  const baseUrl = `http://127.0.0.1:${await freePort()}`
  const { rootDid } = domain
  const listsDir = join(home, 'published')
  return initVerifier({ dir, baseUrl, rootDid, listsDir, now: testNow, ...options })
}

const pem = async (name: string) => parsePemCertificates(await readFile(join(dir, name), 'utf8'))
const judge = async (now: Date) =>
  verifyCertificateChain({
    ...{ x5c: await pem('request-1.pem'), now },
    anchors: { certificates: await pem('ca.pem') },
  })

describe('the certificate of the request key', () => {
  it('is renewed for a year, for the same key and names, under the same authority', async () => {
    await init()
    const first = await judge(testNow)
    const ca = await pem('ca.pem')
    const now = later(360 * DAY)
    const { before, notAfter } = await renewCertificate({ dir, now })
    expect(before).toEqual(later(365 * DAY))
    expect(notAfter).toEqual(later(365 * DAY, now))
    const second = await judge(later(700 * DAY))
    expect(second).toMatchObject({
      ...{ leafKey: first.leafKey, dnsNames: first.dnsNames, anchored: true },
    })
    expect(second.leafHash).not.toBe(first.leafHash)
    expect(await pem('ca.pem')).toEqual(ca)
    expect((await readdir(dir)).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  it('can be renewed when it has ended, and is what the verifier asks with from then on', async () => {
    await init()
    const now = later(500 * DAY)
    await renewCertificate({ dir, now })
    await domain.publish(join(home, 'published'))
    const opened = { dir, allowHttpLoopback: true, clock: () => testNow }
    const server = await openVerifierServer(opened)
    const desk = await openVerifierDesk(opened)
    const asked = { query: over18, clientId: 'x509_hash', mode: 'direct_post.jwt' } as const
    const { clientId, header } = await readVpRequest((await desk.createRequest(asked)).requestUri)
    expect(header['x5c']).toEqual(await pem('request-1.pem'))
    expect(clientId).toBe(`x509_hash:${(await judge(now)).leafHash}`)
    await desk.close()
    await server.close()
  })

  it('never outlives its authority, and ends with it', async () => {
    await init()
    const end = later(5 * 365 * DAY)
    expect(await renewCertificate({ dir, now: later(-DAY, end) })).toMatchObject({ notAfter: end })
    const kept = await pem('request-1.pem')
    await expect(renewCertificate({ dir, now: end })).rejects.toMatchObject({
      code: 'authority_unusable',
    })
    expect(await pem('request-1.pem')).toEqual(kept)
  })

  it('is not renewed where somebody else certified the key, or the authority’s key is gone', async () => {
    await init({ x5c: null })
    await expect(renewCertificate({ dir, now: testNow })).rejects.toMatchObject({
      code: 'authority_unusable',
    })
    await rm(dir, { recursive: true })
    await init()
    await rm(join(dir, 'secrets', 'ca.key'))
    await expect(renewCertificate({ dir, now: testNow })).rejects.toMatchObject({
      code: 'authority_unusable',
    })
    await expect(renewCertificate({ dir: home, now: testNow })).rejects.toMatchObject({
      code: 'verifier_missing',
    })
  })
})
