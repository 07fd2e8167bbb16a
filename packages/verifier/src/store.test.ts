import { freshnessPolicies } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import {
  adultClaims,
  createHolder,
  createTrustDomain,
  later,
  presentTo,
  testNow,
} from '../../../test/trust-domain.js'
import { createSession } from './session.js'
import {
  databaseReplays,
  databaseSessions,
  type VerifierTables,
  verifierMigrations,
} from './store.js'
import { createVerifier } from './verifier.js'

const query = parseQuery(queries['age-over-18'])
const sessionAt = (now: Date) => createSession({ audience: 'shop', query, now })
const refusal = (code: string) => expect.objectContaining({ code })
const clock = () => testNow

describe.each(engines)('the verifier store on %s', (engine) => {
  const databases = databasesOn(engine)
  type Location = Awaited<ReturnType<typeof databases.location>>
  const open = (location: Location, create = true) =>
    databases.open<VerifierTables>({ location, migrations: verifierMigrations, create })
  const openNew = async () => (await open(await databases.location())).kysely

  it('hands a session out once, whole', async () => {
    const sessions = databaseSessions({ kysely: await openNew(), clock })
    const session = sessionAt(testNow)
    await sessions.put(session)
    expect(await sessions.take(session.id)).toEqual({ state: 'taken', session })
    expect(await sessions.take(session.id)).toEqual({ state: 'used' })
    expect(await sessions.take('never')).toEqual({ state: 'unknown' })
  })

  it('hands it to exactly one of 12 callers over two connections', async () => {
    const location = await databases.location()
    const stores = [await open(location), await open(location, false)].map(({ kysely }) =>
      databaseSessions({ kysely, clock }),
    )
    const session = sessionAt(testNow)
    await stores[0]!.put(session)
    const taken = await Promise.all(
      Array.from({ length: 12 }, (_, caller) => stores[caller % 2]!.take(session.id)),
    )
    expect(taken.filter(({ state }) => state === 'taken')).toHaveLength(1)
    expect(taken.filter(({ state }) => state === 'used')).toHaveLength(11)
  })

  it('keeps sessions over a restart, and their responses single', async () => {
    const domain = await createTrustDomain()
    const trust = await domain.trust()
    const holder = await createHolder()
    const credential = await domain.mint({ jwk: holder.jwk })
    const location = await databases.location()
    const start = async (create: boolean) => {
      const database = await open(location, create)
      const sessions = databaseSessions({ kysely: database.kysely, clock })
      const freshness = freshnessPolicies['grace-24h']
      const verifier = createVerifier({
        trust: () => trust,
        audience: 'shop',
        clock,
        freshness,
        sessions,
        platform: () => null,
      })
      return { verifier, stop: () => database.close() }
    }
    const before = await start(true)
    const { id: session, nonce } = await before.verifier.createSession({ query })
    await before.stop()
    const presentation = await presentTo({ credential, holder, audience: 'shop', nonce })
    const after = await start(false)
    const result = await after.verifier.verify({ session, presentation })
    expect(result.facts).toEqual({ age_equal_or_over: { '18': true } })
    await after.stop()
    const again = await start(false)
    await expect(again.verifier.verify({ session, presentation })).rejects.toThrow(
      refusal('session_used'),
    )
  })

  it('expires sessions, then forgets them', async () => {
    let now = testNow
    const kysely = await openNew()
    const sessions = databaseSessions({ kysely, clock: () => now })
    const session = sessionAt(now)
    await sessions.put(session)
    now = later(300)
    expect(await sessions.take(session.id)).toEqual({ state: 'expired' })
    now = later(601)
    await sessions.put(sessionAt(now))
    expect(await sessions.take(session.id)).toEqual({ state: 'unknown' })
    expect(await kysely.selectFrom('verifier_sessions').selectAll().execute()).toHaveLength(1)
  })

  it('refuses sessions beyond the capacity', async () => {
    const sessions = databaseSessions({ kysely: await openNew(), clock, capacity: 2 })
    const first = sessionAt(testNow)
    await sessions.put(first)
    await sessions.put(sessionAt(testNow))
    await expect(sessions.put(sessionAt(testNow))).rejects.toThrow(refusal('sessions_full'))
    await sessions.take(first.id)
    await sessions.put(sessionAt(testNow))
  })

  it('remembers a presentation for exactly one of 12 callers, and over a restart', async () => {
    const location = await databases.location()
    const database = await open(location)
    const replays = databaseReplays({ kysely: database.kysely, clock })
    const seen = { holderKey: 'key', nonce: 'nonce', until: later(420) }
    const fresh = await Promise.all(Array.from({ length: 12 }, () => replays.remember(seen)))
    expect(fresh.filter(Boolean)).toHaveLength(1)
    await database.close()
    const { kysely } = await open(location, false)
    expect(await databaseReplays({ kysely, clock }).remember(seen)).toBe(false)
    const muchLater = () => later(420)
    const until = later(900)
    expect(await databaseReplays({ kysely, clock: muchLater }).remember({ ...seen, until })).toBe(
      true,
    )
  })

  it('refuses to forget a replay early when it is full', async () => {
    const replays = databaseReplays({ kysely: await openNew(), clock, capacity: 1 })
    const until = later(420)
    expect(await replays.remember({ holderKey: 'key', nonce: 'a', until })).toBe(true)
    await expect(replays.remember({ holderKey: 'key', nonce: 'b', until })).rejects.toThrow(
      refusal('replays_full'),
    )
  })

  it('stores neither session ids nor anything of a presentation', async () => {
    const kysely = await openNew()
    const sessions = databaseSessions({ kysely, clock })
    const session = sessionAt(testNow)
    await sessions.put(session)
    await databaseReplays({ kysely, clock }).remember({
      holderKey: 'thumbprint-of-holder',
      nonce: 'nonce',
      until: later(420),
    })
    const stored = JSON.stringify([
      await kysely.selectFrom('verifier_sessions').selectAll().execute(),
      await kysely.selectFrom('verifier_replays').selectAll().execute(),
    ])
    for (const secret of [session.id, 'thumbprint-of-holder', '~ey', adultClaims['family_name']]) {
      expect(stored).not.toContain(secret)
    }
  })
})
