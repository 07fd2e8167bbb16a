import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIssuer } from '@netcert/issuer'
import {
  connectSigner,
  listenForSigning,
  type OpenedSigner,
  openSigner,
  signerAt,
} from '@netcert/issuer/signer'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openIssuerGround } from '../../packages/issuer/src/open.js'
import { databasesOn } from '../database-engines.js'
import { holderKeys, urlFile } from '../issuer-ground.js'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'

const yes = () => true
const clock = () => new Date()
const TYPES = ['network-certificate', 'network-certificate-platform', 'gate-pass'] as const

const ROLE = [
  'create role web login',
  'grant select, insert, update, delete on all tables in schema public to web',
  'revoke insert, update, delete on signatures from web',
  'revoke insert, update, delete on signing_state from web',
  'grant update (halted_at) on signing_state to web',
  'revoke insert, update, delete on issuer_keys from web',
  'grant update (published_at) on issuer_keys to web',
]

/** The signer has a folder of its own, and the server's folder has no key to sign with. */
describe('an issuer whose signer is elsewhere', () => {
  const databases = databasesOn('postgres')
  let folder: string
  let opened: OpenedSigner
  let listening: { close(): Promise<void> }
  let served: ServedIssuer
  let wallet: OpenWallet

  const startSigner = async (dir: string) => {
    const signerDir = join(folder, 'signer')
    await cp(dir, signerDir, { recursive: true })
    await rm(join(dir, 'secrets/signer.key'))
    await separateRoles(dir, signerDir)
    opened = await openSigner({ dir: signerDir, clock, log: () => {} })
    const socket = join(folder, 's')
    listening = await listenForSigning({ opened, socket, forGroup: false })
    return connectSigner({ connect: signerAt(socket) })
  }
  /** The server gets a role of the database that can neither count signatures nor resume signing. */
  const separateRoles = async (dir: string, signerDir: string) => {
    const { ground, close } = await openIssuerGround({ dir, clock })
    for (const statement of ROLE) await sql.raw(statement).execute(ground.database.kysely)
    await close()
    const own = await readFile(join(folder, 'issuer-url'), 'utf8')
    await writeFile(join(folder, 'signer-url'), own, { mode: 0o600 })
    await writeFile(join(folder, 'issuer-url'), own.replace(/\/\/[^@]+@/, '//web@'))
    const config = join(signerDir, 'netcert.json')
    const text = await readFile(config, 'utf8')
    await writeFile(config, text.replace('issuer-url', 'signer-url'))
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcert-signatures-'))
    const urls = {
      ...(await urlFile(databases, join(folder, 'issuer-url'), 'databaseUrlFile')),
      ...(await urlFile(databases, join(folder, 'source-url'), 'sourceDatabaseUrlFile')),
    }
    served = await serveTestIssuer({ ...urls, signer: startSigner })
    const { issuer, close } = await openIssuer({ dir: served.dir, clock })
    await issuer.publish({ out: join(served.dir, 'published') })
    await close()
    wallet = await openWallet({
      dir: join(folder, 'wallet'),
      clock,
      create: true,
      allowHttpLoopback: true,
      rootDid: (await readFile(join(served.dir, 'root.did'), 'utf8')).trim(),
      listsDir: join(served.dir, 'published'),
    })
  })
  afterAll(async () => {
    await wallet.close()
    await served.close()
    await listening.close()
    await opened.close()
    await rm(folder, { recursive: true, force: true })
  })

  const totals = async () => {
    const { ground, close } = await openIssuerGround({ dir: served.dir, clock })
    const { rows } = await sql<{ planned: number; signed: number; batches: number }>`
      select (select coalesce(sum(copies), 0) from batches) as planned,
        (select coalesce(sum(copies), 0) from signatures) as signed,
        (select count(*) from batches) as batches`.execute(ground.database.kysely)
    await close()
    const [row] = rows
    return {
      planned: Number(row!.planned),
      signed: Number(row!.signed),
      batches: Number(row!.batches),
      made: (await opened.signer.describe()).made,
    }
  }

  it('makes as many signatures as copies were planned, over everything a wallet does', async () => {
    const receive = async (offerUri: string, batch?: number) =>
      wallet.wallet.receiveOffer({
        offer: offerUri,
        consent: yes,
        ...(batch === undefined ? {} : { batch }),
      })
    expect(await totals()).toEqual({ planned: 0, signed: 0, batches: 0, made: 0 })
    const { offerUri } = await served.offer({ types: [...TYPES] })
    expect(await receive(offerUri)).toMatchObject({ kind: 'received', failed: [] })
    expect(await totals()).toEqual({ planned: 19, signed: 19, batches: 3, made: 19 })
    const few = await served.offer({ types: ['network-certificate'] })
    await receive(few.offerUri, 3)
    expect(await totals()).toEqual({ planned: 22, signed: 22, batches: 4, made: 22 })
    const later = await served.offer({ types: ['network-certificate-platform'], deferred: true })
    expect(await receive(later.offerUri)).toMatchObject({ deferred: [{}] })
    expect(await totals()).toEqual({ planned: 22, signed: 22, batches: 4, made: 22 })
    await expect
      .poll(
        async () => {
          await wallet.wallet.pollDeferred()
          return totals()
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toEqual({ planned: 23, signed: 23, batches: 5, made: 23 })
  }, 60_000)

  it('signs nothing for anybody who asks every address without a plan', async () => {
    const before = await totals()
    const paths = [
      '/.well-known/openid-credential-issuer',
      '/.well-known/oauth-authorization-server',
      '/credential',
      '/deferred-credential',
      '/notification',
      '/nonce',
      '/token',
      '/par',
      '/authorize',
      '/sign',
      '/preview',
      '/test',
      '/status/1',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'PUT']) {
        const accept = { accept: 'application/jwt' }
        await fetch(`${served.url}${path}`, { method, headers: accept, redirect: 'manual' })
      }
    }
    expect(await totals()).toEqual(before)
  })

  it('has no key that signs certificates in the folder of the server', async () => {
    await expect(stat(join(served.dir, 'secrets/signer.key'))).rejects.toMatchObject({
      code: 'ENOENT',
    })
    const { issuer, close } = await openIssuer({ dir: served.dir, clock })
    const holderJwks = await holderKeys(1)
    const [person] = served.people
    await expect(
      issuer.mint({
        citizen: person!.reference,
        type: 'urn:netcert:network-certificate:1',
        copies: 'one-time',
        holderJwks,
      }),
    ).rejects.toMatchObject({ code: 'signer_key_missing' })
    await close()
  })

  it('lets the server neither count a signature, resume signing nor change keys, but end it', async () => {
    const { ground, issuer, close } = await openIssuerGround({ dir: served.dir, clock })
    const batch = `b_${'9'.repeat(26)}`
    const code = 'database_access'
    await expect(ground.signatures.put({ batch, copies: 1, kept: null })).rejects.toMatchObject({
      code,
    })
    await expect(issuer.resumeSigning()).rejects.toMatchObject({ code })
    await expect(issuer.keys.revoke({ alias: 'issuer-1' })).rejects.toMatchObject({ code })
    await expect(issuer.keys.next({ use: 'status' })).rejects.toMatchObject({ code })
    await ground.signatures.halt(1)
    expect((await issuer.examine()).map((problem) => problem.code)).toContain('signing_halted')
    await close()
    const own = await openIssuerGround({ dir: join(folder, 'signer'), clock })
    expect(await own.issuer.resumeSigning()).toEqual({ accepted: 0 })
    await own.close()
  })

  it('tells wallets to come back while the signer is away, and issues again when it is there', async () => {
    await listening.close()
    const { offerUri } = await served.offer({ types: ['gate-pass'] })
    await expect(wallet.wallet.receiveOffer({ offer: offerUri, consent: yes })).rejects.toThrow(
      'temporarily_unavailable',
    )
    listening = await listenForSigning({ opened, socket: join(folder, 's'), forGroup: false })
    const again = await served.offer({ types: ['gate-pass'] })
    const second = await wallet.wallet.receiveOffer({ offer: again.offerUri, consent: yes })
    expect(second).toMatchObject({ kind: 'received', certificates: [{ copies: 8 }] })
  })
})
