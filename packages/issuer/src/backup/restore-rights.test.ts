import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSigner, NETWORK_CERTIFICATE } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { parseRecoveryLink, recoveryClaims } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { exampleRegistration } from '../../../../test/platform-ground.js'
import { type Issuer, openIssuer } from '../index.js'
import { openRegistrar } from '../registrar-open.js'
import type { Registrar } from '../registrar.js'
import { readBackupIdentities } from './backup-identity.js'
import { backUpIssuer, createBackupIdentity, restoreIssuer } from './backup-open.js'
import { readLines, writeLines } from './backup-stream.js'

const SHOP = 'https://tickets.example'
const GAMES = 'https://games.example'

describe.each(engines)('a restore of an issuer on %s', (engine) => {
  const databases = databasesOn(engine)
  const family = issuerFamily(databases)
  /** Of the operator at work, where there is one. */
  const keyOf = (name: string) => join(family.folder, `${name}.pem`)
  const at = (operator?: string) => ({
    dir: family.test.dir,
    clock: () => family.now,
    ...(operator === undefined ? {} : { operatorKeyFile: keyOf(operator) }),
  })
  const opened = async <T>(work: (issuer: Issuer) => Promise<T>, operator?: string): Promise<T> => {
    const { issuer, close } = await openIssuer(at(operator))
    try {
      return await work(issuer)
    } finally {
      await close()
    }
  }
  const registering = async <T>(work: (registrar: Registrar) => Promise<T>): Promise<T> => {
    const { registrar, close } = await openRegistrar(at())
    try {
      return await work(registrar)
    } finally {
      await close()
    }
  }

  const backUp = async (operator?: string) => {
    const identityFile = join(family.folder, 'backup.key')
    const recipients = [await createBackupIdentity(identityFile)]
    const out = join(family.folder, 'backups')
    const made = await backUpIssuer({ ...at(operator), out, recipients })
    const { file, keysFile } = made
    return { from: { ...at(), file, keysFile, identityFile, withoutJournal: false }, recipients }
  }
  const lose = async () => {
    await family.test.close()
    const { dir } = family.test
    for (const name of await readdir(dir)) {
      if (/^(?:issuer|source)\.sqlite/.test(name)) await rm(join(dir, name))
    }
    for (const name of ['issuer', 'source']) {
      const location = await databases.location()
      if ('postgres' in location) {
        await writeFile(`${dir}.${name}-url`, location.postgres, { mode: 0o600 })
      }
    }
  }
  /** Backs up, has something done, loses the databases, and restores what was before. */
  const restoredAfter = async (work: () => Promise<unknown>, operator?: string) => {
    const { from } = await backUp(operator)
    await work()
    await lose()
    return restoreIssuer(from)
  }

  it('takes no backup that this issuer did not make', async () => {
    const { batch } = await family.mint({})
    const { certificates } = family.issuer
    await certificates.setStatus({ target: { batch }, status: 'revoked', reason: 'key_lost' })
    const { from, recipients } = await backUp()
    // Whoever knows the recipient can encrypt to it: that says nothing of who did.
    const forged = { ...from, file: `${from.file}.forged` }
    const identities = await readBackupIdentities(from.identityFile)
    const lines = async function* () {
      for await (const line of readLines(from.file, identities).lines) {
        const { table, rows } = line
        const valid = (row: object) => ({ ...row, status: 0, status_reason: null })
        yield table === 'batches' ? { ...line, rows: (rows as object[]).map(valid) } : line
      }
    }
    await writeLines(forged.file, recipients, lines())
    await lose()
    await expect(restoreIssuer(forged)).rejects.toMatchObject({ code: 'backup_not_on_record' })
    await restoreIssuer(from)
    const target = { target: { batch }, status: 'valid', reason: 'unspecified' } as const
    await opened((issuer) =>
      expect(issuer.certificates.setStatus(target)).rejects.toMatchObject({ code: 'status_final' }),
    )
  })

  it('gives operators and officers nothing back that was taken from them since', async () => {
    const { operators, numbers } = family.issuer
    await numbers.createOfficer({ nameCode: 'O-1', keyFile: keyOf('O-1') })
    await operators.create({ nameCode: 'A-1', roles: ['keys'], keyFile: keyOf('A-1') })
    const revoking = { nameCode: 'B-2', roles: ['enrol', 'revoke'], keyFile: keyOf('B-2') } as const
    await opened((issuer) => issuer.operators.create(revoking), 'A-1')
    const revoke = (issuer: Issuer) =>
      Promise.all([issuer.operators.revoke('B-2'), issuer.numbers.revokeOfficer('O-1')])
    await restoredAfter(() => opened(revoke, 'A-1'), 'A-1')
    await opened(async (issuer) => {
      const all = await issuer.operators.list()
      expect(all.map(({ nameCode, revokedAt }) => [nameCode, revokedAt === null])).toEqual([
        ['A-1', true],
        ['B-2', false],
      ])
      expect(await issuer.numbers.listOfficers()).toMatchObject([{ revokedAt: expect.any(Date) }])
      expect(await issuer.auditLog.verify()).toMatchObject({ firstBad: null })
    })
  })

  it('knows who was registered in the place of whom, so that roles count from the start', async () => {
    const { operators } = family.issuer
    await operators.create({ nameCode: 'A-1', roles: ['keys'], keyFile: keyOf('A-1') })
    const next = { nameCode: 'C-3', roles: ['keys', 'audit'], keyFile: keyOf('C-3') } as const
    await restoredAfter(async () => {
      await opened((issuer) => issuer.operators.create(next), 'A-1')
      await opened((issuer) => issuer.operators.revoke('A-1'), 'C-3')
    }, 'A-1')
    await opened(async (issuer) => {
      const anybody = issuer.operators.create({ ...next, nameCode: 'D-4', keyFile: keyOf('D-4') })
      await expect(anybody).rejects.toMatchObject({ code: 'operator_needed' })
    })
    await opened(async (issuer) => {
      const active = (await issuer.operators.list()).filter(({ revokedAt }) => revokedAt === null)
      expect(active).toMatchObject([{ roles: ['audit', 'keys'] }])
      await issuer.auditLog.export({})
      expect(await issuer.auditLog.verify()).toMatchObject({ firstBad: null })
    }, 'C-3')
  })

  it('accredits nobody again whose accreditation was revoked, or who was removed, since', async () => {
    const register = async (id: string, name: string, operator: string) => {
      const { jwk: requestJwk } = await generateSigner('ES256')
      const names = { 'zh-CN': name, en: name }
      const value = exampleRegistration({ requestJwk, id, name: names, operator })
      await registering((registrar) => registrar.register({ value, update: false }))
      await registering((registrar) => registrar.accredit({ platform: id, purpose: 'ticketing' }))
    }
    await register(SHOP, 'Good Tickets', '91440300MA5EXAMPLE')
    await register(GAMES, 'Better Games', '91440300MA5GAMES00')
    await restoredAfter(() =>
      registering(async (registrar) => {
        const reason = 'unspecified'
        await registrar.revoke({ platform: SHOP, purpose: 'ticketing', reason })
        await registrar.remove({ platform: GAMES, reason })
      }),
    )
    await registering(async (registrar) => {
      const none = [expect.objectContaining({ accreditedUntil: null })]
      expect(await registrar.list()).toMatchObject([
        { platform: GAMES, removedAt: expect.any(Date), purposes: none },
        { platform: SHOP, removedAt: null, purposes: none },
      ])
    })
  })

  it('has no code and no contact count again that ended since', async () => {
    const citizen = family.person('parent')
    await family.mint({})
    const { signer, jwk } = await generateSigner('ES256')
    const theirs = { citizen: family.person('stranger'), type: NETWORK_CERTIFICATE } as const
    const { credentials } = await family.mint({ ...theirs, holderJwks: [jwk] })
    const { ending } = family.issuer
    const stolen = await ending.createRevocationCode(citizen)
    const { contact, link } = await ending.askContact(citizen)
    const request = parseRecoveryLink(link)
    const presentation = await createPresentation({
      ...{ credential: credentials[0]!, paths: [['network_number']], signer },
      ...{ audience: request.issuer, nonce: request.nonce, issuedAt: family.now },
      keyBindingClaims: recoveryClaims(request),
    })
    await ending.agreeContact(contact, presentation)
    await restoredAfter(async () => {
      await ending.createRevocationCode(citizen)
      await ending.removeContact(contact)
    })
    await opened(async (issuer) => {
      expect(await issuer.ending.contacts(citizen)).toEqual([])
      const used = { code: stolen, action: 'suspend', address: '192.0.2.1' } as const
      await expect(issuer.ending.useRevocationCode(used)).rejects.toMatchObject({
        code: 'revocation_code_wrong',
      })
    })
  })
})
