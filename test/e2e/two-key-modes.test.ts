import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshnessPolicies } from '@netcert/credential'
import { openIssuer } from '@netcert/issuer'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { createVerifier, memorySessions } from '@netcert/verifier'
import { readTrust } from '@netcert/verifier/published-lists'
import { type OpenWallet, openWallet } from '@netcert/wallet'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'

let served: ServedIssuer
let folder: string
let rootDid: string
const wallets: OpenWallet[] = []
const clock = () => new Date()
const audience = 'https://shop.example'
const query = parseQuery(queries['age-over-18'])
const listsDir = () => join(served.dir, 'published')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-two-'))
  served = await serveTestIssuer({ keyModes: { 'network-certificate-platform': 'x5c' } })
  await publish()
  rootDid = (await readFile(join(served.dir, 'root.did'), 'utf8')).trim()
}, 60_000)
afterAll(async () => {
  for (const { close } of wallets) await close()
  await served.close()
  await rm(folder, { recursive: true })
})

async function publish(revoke?: string): Promise<void> {
  const { issuer, close } = await openIssuer({ dir: served.dir, clock })
  if (revoke !== undefined) {
    await issuer.certificates.setStatus({
      target: { citizen: revoke },
      status: 'revoked',
      reason: 'device_lost',
    })
  }
  await issuer.publish({ out: listsDir() })
  await close()
}

/** A wallet of its own, with what it was offered of one configuration. */
async function receive(configuration: string, citizen: string): Promise<OpenWallet['wallet']> {
  const opened = await openWallet({
    ...{ dir: join(folder, configuration), clock, create: true, allowHttpLoopback: true, rootDid },
    listsDir: listsDir(),
  })
  wallets.push(opened)
  const { offerUri } = await served.offer({ types: [configuration], citizen })
  const outcome = await opened.wallet.receiveOffer({ offer: offerUri, consent: () => true })
  expect(outcome).toMatchObject({ kind: 'received', failed: [], deferred: [] })
  return opened.wallet
}

/** Shows a certificate and judges it; the issuer's name, or the code of the refusal. */
async function show(wallet: OpenWallet['wallet']): Promise<string> {
  const trust = await readTrust({ rootDid, listsDir: listsDir(), now: clock() })
  const verifier = createVerifier({
    ...{ trust: () => trust, audience, clock, sessions: memorySessions({ clock }) },
    freshness: freshnessPolicies['grace-24h'],
    platform: () => null,
  })
  const { id: session, nonce } = await verifier.createSession({ query })
  const { presentation } = await wallet.present({ query, audience, nonce })
  return verifier.verify({ session, presentation }).then(
    ({ issuer }) => issuer,
    (error: { code?: string }) => String(error.code),
  )
}

it('one issuer serves certificates in both key modes; wallet and verifier take both', async () => {
  const { reference } = served.nextPerson()
  const certified = await receive('network-certificate-platform', reference)
  const named = await receive('network-certificate', reference)
  expect(await show(certified)).toBe(served.url)
  expect(await show(named)).toMatch(/^did:key:zDn/)
  await publish(reference)
  expect(await show(certified)).toBe('status_invalid')
  // These live for days and carry no status, in either mode.
  expect(await show(named)).toMatch(/^did:key:zDn/)
}, 60_000)

it('its signed metadata is signed with the certificate, as its certified ones are', async () => {
  const { origin } = new URL(served.url)
  const answer = await fetch(`${origin}/.well-known/openid-credential-issuer`, {
    headers: { accept: 'application/jwt' },
  })
  const [header = ''] = (await answer.text()).split('.')
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toHaveProperty('x5c')
})
