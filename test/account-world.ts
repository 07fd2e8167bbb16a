import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRegistrar } from '@netcert/issuer/registrar'
import { queries } from '@netcert/schemas'
import { type SignIn, signIn } from '@netcert/verifier'
import {
  initVerifier,
  installAccreditation,
  openPlatformVerifier,
  type PlatformVerifier,
  readRequestKey,
} from '@netcert/verifier/server'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { sql } from 'kysely'
import { openIssuerGround } from '../packages/issuer/src/open.js'
import { temporaryFolder } from './issuer-ground.js'
import { freePort } from './free-port.js'
import { type ServedIssuer, serveTestIssuer } from './issuer-server-ground.js'
import { exampleRegistration } from './platform-ground.js'
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.js'
import { publishTo, serveSignIn } from './served-platform.js'

/** A registered id that is no part of any other text here. */
export const PLATFORM = 'p-4711-of-a-shop'
const SECTORS = ['social-network', 'account-re-authentication'] as const

/** An issuer, a platform with sign-in, and wallets, with a recorder of all that the issuer hears. */
export type AccountWorld = {
  readonly issuer: ServedIssuer
  readonly recorder: RecordingProxy
  readonly opened: PlatformVerifier
  readonly platform: SignIn
  readonly origin: string
  /** A wallet of its own that holds what the issuer offers this person. */
  wallet(name: string, citizen: string): Promise<OpenWallet>
  /** Every row of the issuer's database as text, by table. */
  issuerTables(): Promise<ReadonlyMap<string, string>>
  /** Every byte of the issuer's databases, and what it told its operator. */
  issuerBytes(): Promise<Buffer>
  close(): Promise<void>
}

const clock = () => new Date()

export async function startAccountWorld(): Promise<AccountWorld> {
  const behind = await freePort()
  const issuer = await serveTestIssuer({ citizens: 4, presence: 'demo', behind })
  const recorder = await startRecordingProxy({ port: Number(new URL(issuer.url).port), to: behind })
  const folder = await temporaryFolder()
  const dir = join(folder.path, 'verifier')
  const origin = `http://127.0.0.1:${await freePort()}`
  const lists = join(issuer.dir, 'published')
  const rootDid = (await readFile(join(issuer.dir, 'root.did'), 'utf8')).trim()
  await initVerifier({ dir, baseUrl: `${origin}/netcert`, rootDid, listsDir: lists, now: clock() })
  await accreditPlatform(issuer, { dir, lists })
  const opened = await openPlatformVerifier({ dir, allowHttpLoopback: true })
  const alternatives = [{ 'zh-CN': '到门店柜台核验', en: 'Be seen at the counter of a shop' }]
  const platform = signIn({
    ...{ ...opened, queries, reAuthentication: { alternatives }, clientId: 'did' },
  })
  const stop = await serveSignIn(platform, origin)
  const wallets: OpenWallet[] = []
  return {
    ...{ issuer, recorder, opened, platform, origin },
    async wallet(name, citizen) {
      const place = { dir: join(folder.path, name), rootDid, listsDir: lists }
      const wallet = await openWallet({ ...place, clock, create: true, allowHttpLoopback: true })
      wallets.push(wallet)
      const types = ['network-certificate', 'network-certificate-platform']
      const { offerUri } = await issuer.offer({ citizen, types })
      await wallet.wallet.receiveOffer({ offer: offerUri, consent: () => true, batch: 2 })
      return wallet
    },
    issuerTables: () => tablesOf(issuer.dir),
    issuerBytes: () => bytesOf(issuer),
    async close() {
      for (const { close } of wallets) await close()
      await stop()
      await opened.close()
      await recorder.close()
      await issuer.close()
      await folder.remove()
    },
  }
}

/** Registered and accredited as by the commands; then everything is published. */
async function accreditPlatform(
  issuer: ServedIssuer,
  { dir, lists }: { readonly dir: string; readonly lists: string },
): Promise<void> {
  const { jwk: requestJwk } = await readRequestKey({ dir })
  const { registrar, close } = await openRegistrar({ dir: issuer.dir, clock })
  const form = exampleRegistration({ requestJwk, id: PLATFORM, sectors: SECTORS })
  await registrar.register({ value: form, update: false })
  const tokens: string[] = []
  for (const purpose of SECTORS) {
    tokens.push((await registrar.accredit({ platform: PLATFORM, purpose })).token)
  }
  await close()
  await publishTo(issuer, lists)
  for (const token of tokens) {
    await installAccreditation({ dir, token, clock, allowHttpLoopback: true })
  }
}

async function tablesOf(dir: string): Promise<ReadonlyMap<string, string>> {
  const { ground, close } = await openIssuerGround({ dir, clock })
  const { kysely } = ground.database
  const names = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table'`.execute(kysely)
  const tables = new Map<string, string>()
  for (const { name } of names.rows) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(kysely)
    tables.set(name, JSON.stringify(rows))
  }
  await close()
  return tables
}

async function bytesOf({ dir, log }: ServedIssuer): Promise<Buffer> {
  const names = (await readdir(dir)).filter((name) => /\.sqlite/.test(name))
  const files = await Promise.all(names.map((name) => readFile(join(dir, name))))
  return Buffer.concat([...files, Buffer.from(log.join('\n'))])
}
