import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshnessPolicies } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createHolder,
  createTrustDomain,
  later,
  presentTo,
  type TrustDomain,
  testNow,
} from '../../../test/trust-domain.js'
import { type OpenVerifier, openVerifier } from './open.js'

const audience = 'https://shop.example'
const query = parseQuery(queries['age-over-18'])

let folder: string
let domain: TrustDomain
const opened: OpenVerifier[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcert-verifier-'))
  domain = await createTrustDomain()
  await domain.publish(join(folder, 'lists'))
})
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close()
  await rm(folder, { recursive: true })
})

async function open(options: { create?: boolean; memory?: boolean } = {}) {
  const { create = true, memory = false } = options
  const verifier = await openVerifier({
    audience,
    rootDid: domain.rootDid,
    listsDir: join(folder, 'lists'),
    stateFile: join(folder, 'seen.json'),
    clock: () => testNow,
    freshness: freshnessPolicies['grace-24h'],
    store: memory ? null : { location: { sqlite: join(folder, 'verifier.sqlite') }, create },
  })
  opened.push(verifier)
  return verifier
}

describe('an opened verifier', () => {
  it('answers after a restart the session it began before, once', async () => {
    const holder = await createHolder()
    const credential = await domain.mint({ jwk: holder.jwk, status: 3 })
    const before = await open()
    const { id: session, nonce } = await before.verifier.createSession({ query })
    await before.close()
    opened.length = 0
    const presentation = await presentTo({ credential, holder, audience, nonce })
    const after = await open({ create: false })
    expect((await after.verifier.verify({ session, presentation })).verified).toBe(true)
    await expect(after.verifier.verify({ session, presentation })).rejects.toMatchObject({
      code: 'session_used',
    })
  })

  it('refuses a revoked certificate after the folder was updated, and for good', async () => {
    const holder = await createHolder()
    const credential = await domain.mint({ jwk: holder.jwk, status: 3 })
    const { verifier, refresh } = await open({ memory: true })
    const show = async () => {
      const { id: session, nonce } = await verifier.createSession({ query })
      const presentation = await presentTo({ credential, holder, audience, nonce })
      return verifier.verify({ session, presentation })
    }
    expect((await show()).verified).toBe(true)
    const statusList = await domain.statusListToken({ revoked: [3], issuedAt: later(60) })
    await domain.publish(join(folder, 'lists'), { statusList })
    await refresh()
    await expect(show()).rejects.toMatchObject({ code: 'status_invalid' })
    const cleared = await domain.statusListToken({ issuedAt: later(120) })
    await domain.publish(join(folder, 'lists'), { statusList: cleared })
    await refresh()
    await expect(show()).rejects.toMatchObject({ code: 'status_invalid' })
  })

  it('keeps the trust it has when the folder cannot be read', async () => {
    const { refresh, trust } = await open({ memory: true })
    const held = trust()
    await rm(join(folder, 'lists'), { recursive: true })
    await expect(refresh()).rejects.toMatchObject({ code: 'lists_unreadable' })
    expect(trust()).toBe(held)
  })

  it('refuses a missing database and missing lists', async () => {
    await expect(open({ create: false })).rejects.toMatchObject({ code: 'database_missing' })
    await rm(join(folder, 'lists'), { recursive: true })
    await expect(open()).rejects.toMatchObject({ code: 'lists_unreadable' })
  })
})
