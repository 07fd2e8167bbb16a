import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { openIssuer } from '@netcert/issuer'
import { openWallet } from '@netcert/wallet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, netcert } from './netcert-process.js'
import { type Ground, makeGround, mint } from './triangle.js'

const clock = () => new Date()

let ground: Ground
beforeAll(async () => {
  ground = await makeGround()
})
afterAll(() => ground.folder.remove())

/** Every file below a folder, as one string of bytes. */
function allBytes(dir: string): string {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

describe('issue: source, enrolment, mint, wallet', () => {
  it('brings ten copies into a wallet, and says who holds them by reference only', async () => {
    const run = await mint(ground, ground.folder.at('wallet'))
    expect(run).toMatchObject({ copies: 10, citizen: ground.citizens[0] })
    const list = await netcert(['wallet', 'list', '--dir', ground.folder.at('wallet'), '--json'])
    expect(jsonOf(list)).toMatchObject({ certificates: [{ copies: 10, remaining: 10 }] })
  })

  it('mints copies that share no key, salt or digest, and are dated by the hour', async () => {
    const { wallet, close: closeWallet } = await openWallet({
      ...{ dir: ground.folder.at('direct'), clock, create: true },
      rootDid: readFileSync(join(ground.issuer, 'root.did'), 'utf8').trim(),
    })
    const { issuer, close } = await openIssuer({ dir: ground.issuer, clock })
    const { credentials } = await issuer.mint({
      citizen: ground.citizens[1] ?? '',
      type: NETWORK_CERTIFICATE,
      copies: 'one-time',
      holderJwks: await wallet.createHolderKeys(10),
    })
    await Promise.all([close(), closeWallet()])
    const seen = new Set<string>()
    for (const credential of credentials) {
      const held = await inspectCredential(credential)
      const payload = Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString('utf8')
      const { _sd, status } = JSON.parse(payload) as { _sd: string[]; status?: object }
      expect(status).toBeUndefined()
      expect(_sd).toHaveLength(16)
      expect(held.issuedAt.getTime() % 3_600_000).toBe(0)
      const parts = [..._sd, JSON.stringify(held.holderJwk), ...credential.split('~').slice(1, -1)]
      for (const part of parts) {
        expect(seen.has(part)).toBe(false)
        seen.add(part)
      }
    }
  })

  it('leaves nothing of a person in clear, in no file of issuer and wallet', () => {
    const people = readFileSync(ground.folder.at('people.csv'), 'latin1')
    const [, ...rows] = Buffer.from(people, 'latin1').toString('utf8').trim().split('\n')
    const cells = rows.flatMap((row) => row.split(','))
    const values = cells.filter((cell) => /\d{8,}|[\u4e00-\u9fff]{2}/.test(cell))
    expect(values.length).toBeGreaterThan(8)
    const kept = allBytes(ground.issuer) + allBytes(ground.folder.at('wallet'))
    for (const value of values) {
      const bytes = Buffer.from(value).toString('latin1')
      // The search finds what is there: the file that was imported.
      expect(people.includes(bytes)).toBe(true)
      expect(kept.includes(bytes)).toBe(false)
    }
  })

  it('keeps no certificate it signed', () => {
    const certificate = /eyJ[\w-]{20,}\.eyJ[\w-]{200,}\.[\w-]{86}~/
    expect(allBytes(ground.issuer)).not.toMatch(certificate)
    // Nor does the wallet keep one in clear.
    expect(allBytes(ground.folder.at('wallet'))).not.toMatch(certificate)
  })
})
