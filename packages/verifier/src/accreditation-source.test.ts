import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  createEmptyStatusList,
  createStatusList,
  generateSigner,
  type PublicJwk,
  STATUS_INVALID,
  writeStatus,
} from '@netcert/credential'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accredit, type Accredited, PLATFORM_ID } from '../../../test/accreditation-ground.js'
import { createTrustDomain, later, testNow, type TrustDomain } from '../../../test/trust-domain.js'
import { registerFileOf } from './accreditation-files.js'
import { installAccreditation, readRequestKey } from './accreditation-install.js'
import { initVerifier } from './initialisation.js'
import { openPlatformVerifier } from './server.js'
import { readVerifierStanding } from './verifier-standing.js'

const STATUS_URI = 'https://issuer.example/registrar/status/1'
const refusal = (code: string) => expect.objectContaining({ code })

let home = ''
let domain: TrustDomain
let requestJwk: PublicJwk
let now = testNow
const clock = () => now
const dir = () => join(home, 'verifier')
const published = (name: string) => join(home, 'published', name)

beforeEach(async () => {
  now = testNow
  home = await mkdtemp(join(tmpdir(), 'netcert-accredited-'))
  domain = await createTrustDomain()
  await domain.publish(join(home, 'published'))
  await initVerifier({
    ...{ dir: dir(), baseUrl: 'https://shop.example/netcert', rootDid: domain.rootDid, now },
    listsDir: join(home, 'published'),
  })
  requestJwk = (await readRequestKey({ dir: dir() })).jwk
})
afterEach(() => rm(home, { recursive: true }))

const tokenFor = (options: Accredited = {}) => accredit(domain, { ...options, requestJwk })
const install = async (token: string) =>
  installAccreditation({ dir: dir(), token, clock, allowHttpLoopback: false })
const standing = () => readVerifierStanding({ dir: dir(), clock })

/** What the registrar publishes beside the trust list. */
async function publishRegister(options: {
  readonly tokens?: readonly string[]
  readonly revoked?: readonly number[]
}): Promise<void> {
  const { tokens, revoked } = options
  if (tokens !== undefined) {
    const file = published(registerFileOf(PLATFORM_ID))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, JSON.stringify({ accreditations: tokens }))
  }
  if (revoked === undefined) return
  const list = createEmptyStatusList(1, 1_024)
  for (const index of revoked) writeStatus(list, index, STATUS_INVALID)
  await mkdir(published('registrar/status'), { recursive: true })
  const token = await createStatusList({
    ...{ uri: STATUS_URI, bits: 1, entries: list.bytes, signer: domain.registrar },
    ...{ issuedAt: now, expiresAt: later(7 * 86_400, now), ttlSeconds: 43_200 },
  })
  await writeFile(published('registrar/status/1.jwt'), token)
}

describe('an accreditation', () => {
  it('is installed when the registrar signed it for this key, and settles who this is', async () => {
    expect(await standing()).toMatchObject({ platformId: null, accreditations: [] })
    await install(await tokenFor())
    await install(await tokenFor({ purposeId: 'age' }))
    expect(await standing()).toMatchObject({
      platformId: PLATFORM_ID,
      accreditations: [
        { purposeId: 'age', endsSoon: false },
        { purposeId: 'sign-in', endsSoon: false },
      ],
      refused: [],
    })
  })

  it('is not installed for another request key, nor of another platform later on', async () => {
    const other = await generateSigner('ES256')
    await expect(install(await accredit(domain, { requestJwk: other.jwk }))).rejects.toEqual(
      refusal('accreditation_differs'),
    )
    expect((await standing()).platformId).toBeNull()
    await install(await tokenFor())
    await expect(
      install(await tokenFor({ platformId: 'https://other.example', purposeId: 'age' })),
    ).rejects.toEqual(refusal('accreditation_differs'))
    expect((await standing()).accreditations).toHaveLength(1)
  })

  it('is not installed from a stranger, by a forged name, after its end, or broken', async () => {
    const stranger = await generateSigner('ES256')
    const forged = { registrar: domain.registrar.did, signer: stranger.signer }
    const tries: [string, string][] = [
      [await tokenFor({ signer: stranger.signer }), 'accreditation_untrusted'],
      [await tokenFor(forged), 'accreditation_signature'],
      [await tokenFor({ expiresAt: testNow }), 'accreditation_expired'],
      ['hello', 'accreditation_malformed'],
    ]
    for (const [token, code] of tries) await expect(install(token)).rejects.toEqual(refusal(code))
    expect((await standing()).platformId).toBeNull()
  })

  it('takes the place of the last one for its purpose, however that one is named', async () => {
    await install(await tokenFor({ purposeId: 'a/../b' }))
    await install(await tokenFor({ purposeId: 'a/../b', expiresAt: later(86_400) }))
    expect(await readdir(join(dir(), 'accreditations'))).toHaveLength(1)
    await install(await tokenFor({ purposeId: 'a_.._b' }))
    expect(await readdir(join(dir(), 'accreditations'))).toHaveLength(2)
  })

  it('is warned about five days before its end, and does not count after it', async () => {
    await install(await tokenFor({ expiresAt: later(10 * 86_400) }))
    now = later(5 * 86_400)
    expect((await standing()).accreditations).toMatchObject([{ endsSoon: false }])
    now = later(5 * 86_400 + 1)
    expect((await standing()).accreditations).toMatchObject([{ endsSoon: true }])
    now = later(10 * 86_400)
    expect(await standing()).toMatchObject({
      ...{ accreditations: [], refused: ['accreditation_expired'], platformId: PLATFORM_ID },
    })
  })
})

describe('a verifier that runs', () => {
  const lines: string[] = []
  const open = () =>
    openPlatformVerifier({
      ...{ dir: dir(), allowHttpLoopback: false, clock },
      log: (line) => lines.push(line),
    })
  const purposes = (opened: Awaited<ReturnType<typeof open>>) =>
    opened.accreditations.platform()?.accreditations.map(({ purposeId }) => purposeId)

  it('picks up what was installed beside it', async () => {
    const opened = await open()
    expect(opened.accreditations.platform()).toBeNull()
    await install(await tokenFor())
    await opened.refresh()
    expect(purposes(opened)).toEqual(['sign-in'])
    await opened.close()
  })

  it('installs what the public register has renewed, and keeps it over a restart', async () => {
    await install(await tokenFor({ expiresAt: later(86_400) }))
    const opened = await open()
    await publishRegister({
      tokens: [await tokenFor({ issuedAt: testNow }), await tokenFor({ purposeId: 'age' })],
    })
    await opened.refresh()
    expect(purposes(opened)?.toSorted()).toEqual(['age', 'sign-in'])
    await opened.close()
    await rm(published('register'), { recursive: true })
    now = later(2 * 86_400)
    expect((await standing()).accreditations).toHaveLength(2)
  })

  it('takes nothing from the register that is not its own, or older, or broken', async () => {
    await install(await tokenFor())
    const other = await generateSigner('ES256')
    const opened = await open()
    await publishRegister({
      tokens: [
        'hello',
        await accredit(domain, { requestJwk: other.jwk, purposeId: 'age' }),
        await tokenFor({ platformId: 'https://other.example', purposeId: 'age' }),
        await tokenFor({ issuedAt: later(-7_200), expiresAt: later(60) }),
      ],
    })
    await opened.refresh()
    expect(purposes(opened)).toEqual(['sign-in'])
    const [held] = opened.accreditations.platform()?.accreditations ?? []
    expect(held?.expiresAt).toEqual(later(20 * 86_400))
    await writeFile(published(registerFileOf(PLATFORM_ID)), '{"accreditations":')
    await opened.refresh()
    expect(purposes(opened)).toEqual(['sign-in'])
    await opened.close()
  })

  it('stops asking under one that the registrar took back, and stays so with an old list', async () => {
    const status = { uri: STATUS_URI, index: 7 }
    await publishRegister({ revoked: [] })
    await install(await tokenFor({ status }))
    const opened = await open()
    expect(purposes(opened)).toEqual(['sign-in'])
    now = later(60)
    await publishRegister({ revoked: [7] })
    await opened.refresh()
    expect(purposes(opened)).toEqual([])
    expect(opened.accreditations.refused()).toEqual(['accreditation_revoked'])
    now = testNow
    await publishRegister({ revoked: [] })
    await opened.refresh()
    expect(purposes(opened)).toEqual([])
    await opened.close()
  })

  it('stays so after a restart, with an older list and with none', async () => {
    const status = { uri: STATUS_URI, index: 7 }
    now = later(60)
    await publishRegister({ revoked: [7] })
    await install(await tokenFor({ purposeId: 'age' }))
    await expect(install(await tokenFor({ status }))).rejects.toEqual(
      refusal('accreditation_revoked'),
    )
    now = testNow
    await publishRegister({ revoked: [], tokens: [await tokenFor({ status })] })
    const opened = await open()
    expect(purposes(opened)).toEqual(['age'])
    await opened.close()
    await rm(published('registrar'), { recursive: true })
    const again = await open()
    expect([purposes(again), again.accreditations.refused()]).toEqual([
      ['age'],
      ['accreditation_revoked'],
    ])
    await again.close()
  })

  it('passes over those of the gates, which the register lists for a key of their own', async () => {
    await install(await tokenFor({ purposeId: 'age' }))
    const { jwk: gateJwk } = await generateSigner('ES256')
    const token = await accredit(domain, { purposeId: 'entry', requestJwk: gateJwk })
    await publishRegister({ tokens: [token] })
    const opened = await open()
    expect([purposes(opened), opened.accreditations.refused()]).toEqual([['age'], []])
    await opened.close()
  })

  it('tells its operator which end soon', async () => {
    await install(await tokenFor({ expiresAt: later(3 * 86_400) }))
    lines.length = 0
    await (await open()).close()
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { accreditation: 'ends_soon', purpose: 'sign-in', days: 3 },
    ])
  })
})
