import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTrust, type TrustedRegistrar } from '@netcert/credential'
import {
  type AccreditationStatusLists,
  readAccreditationStatusList,
  verifyAccreditation,
  withAccreditationStatus,
} from '@netcert/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { startTestRegistrar, type TestRegistrar } from '../../../../test/issuer-registrar-ground.js'
import type { Issuer } from '../issuer.js'
import { openIssuer } from '../open.js'

const DAY = 86_400_000
const PLATFORM = 'https://mobile.example'

describe.each(engines)('the key of the registrar on %s', (engine) => {
  const databases = databasesOn(engine)
  let ground: TestRegistrar
  let issuer: Issuer
  let close: () => Promise<void>

  beforeEach(async () => {
    ground = await startTestRegistrar(databases)
    ;({ issuer, close } = await openIssuer({ dir: ground.dir, clock: () => ground.now.value }))
  })
  afterEach(async () => {
    await close()
    await ground.remove()
  })
  const later = (days: number) => {
    ground.now.value = new Date(ground.now.value.getTime() + days * DAY)
  }
  const use = 'registrar' as const
  const accredited = async () =>
    (await ground.registrar.accredit({ platform: PLATFORM, purpose: 'telecom' })).token

  /** What a wallet knows that fetched everything now. */
  async function walletView() {
    const read = (path: string) => readFile(join(ground.out, path), 'utf8')
    const { trustList } = await createTrust({
      trustListToken: await read('trust-list.jwt'),
      rootDids: [(await readFile(join(ground.dir, 'root.did'), 'utf8')).trim()],
      now: ground.now.value,
      graceSeconds: 0,
      minimumSequence: 0,
    })
    const registrars: readonly TrustedRegistrar[] = trustList.registrars
    const options = { registrars, now: ground.now.value }
    let statusLists: AccreditationStatusLists = new Map()
    for (const name of (await readdir(join(ground.out, 'registrar/status'))).toSorted()) {
      const token = await read(`registrar/status/${name}`)
      const list = await readAccreditationStatusList(token, options).catch(() => null)
      if (list !== null) statusLists = withAccreditationStatus(statusLists, list)
    }
    return { ...options, statusLists }
  }
  type View = Awaited<ReturnType<typeof walletView>>
  const verdict = async (token: string, view?: View) =>
    verifyAccreditation(token, view ?? (await walletView())).then(
      ({ status }) => status,
      (error: unknown) => String((error as { code?: unknown }).code),
    )

  it('changes with overlap: accreditations of before stay good and revocable', async () => {
    await ground.publish()
    const before = await walletView()
    await issuer.keys.next({ use })
    await ground.publish()
    const known = await walletView()
    later(29)
    const old = await accredited()
    later(1)
    await issuer.keys.activate({ use, emergency: false })
    const young = await accredited()
    await ground.publish()
    expect([await verdict(old), await verdict(young)]).toEqual(['good', 'good'])
    // Who has an older list refuses the new key; who saw it announced does not.
    expect(await verdict(young, { ...before, now: ground.now.value })).toBe(
      'accreditation_untrusted',
    )
    expect(await verdict(young, { ...known, now: ground.now.value })).toBe('unknown')
    await ground.registrar.revoke({ platform: PLATFORM, reason: 'rules_broken' })
    await ground.publish()
    const revoked = 'accreditation_revoked'
    expect([await verdict(old), await verdict(young)]).toEqual([revoked, revoked])
    // The old key's list is signed until nothing on it counts any more, and then no longer missed.
    later(32)
    await issuer.keys.next({ use })
    await ground.publish()
    const codes = (await issuer.examine()).map(({ code }) => code)
    expect(codes).not.toContain('registrar_list_stale')
  })

  it('that was taken back makes all of its accreditations refused, and they are signed anew', async () => {
    const stolen = await accredited()
    await ground.publish()
    expect(await verdict(stolen)).toBe('good')
    await issuer.keys.revoke({ alias: 'registrar-1' })
    await expect(accredited()).rejects.toMatchObject({ code: 'signing_key_none' })
    await issuer.keys.next({ use })
    await issuer.keys.activate({ use, emergency: true })
    await ground.publish()
    expect(await verdict(stolen)).toBe('accreditation_untrusted')
    const { renewed } = await ground.registrar.renew()
    expect(renewed).toHaveLength(6)
    expect((await ground.registrar.renew()).renewed).toEqual([])
    await ground.publish()
    const files = await readdir(join(ground.out, 'register/platforms'))
    const verdicts = []
    for (const file of files) {
      const text = await readFile(join(ground.out, 'register/platforms', file), 'utf8')
      const { accreditations } = JSON.parse(text) as { accreditations: string[] }
      for (const token of accreditations) verdicts.push(await verdict(token))
    }
    // What nobody believes is not handed out either.
    expect(verdicts).toEqual(Array(6).fill('good'))
  })

  it('keeps its list for itself, whatever statement tries', async () => {
    const { openIssuerGround } = await import('../open.js')
    const opened = await openIssuerGround({ dir: ground.dir, clock: () => ground.now.value })
    const { kysely } = opened.ground.database
    await expect(
      kysely.updateTable('registrar_lists').set({ registrar: 'registrar-2' }).execute(),
    ).rejects.toMatchObject({ code: 'constraint_violation' })
    await opened.close()
  })
})
