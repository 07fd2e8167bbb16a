import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { applicationGround } from '../../../../test/application-ground.js'
import { databasesOn } from '../../../../test/database-engines.js'
import { openIssuerGround, type OpenedIssuerGround } from '../open.js'
import { purposesDigest } from './purposes.js'

const ground = applicationGround(databasesOn('sqlite'))
const opened: OpenedIssuerGround[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

const keyOf = (nameCode: string) => join(ground.folder, `${nameCode}.pem`)
const as = async (nameCode: string) => {
  const place = { dir: ground.test.dir, clock: () => ground.now }
  const issuer = await openIssuerGround({ ...place, operatorKeyFile: keyOf(nameCode) })
  opened.push(issuer)
  return issuer
}

describe('applications where operators are registered', () => {
  it('are for those with the role enrol, and the counter signs what it saw', async () => {
    const { operators } = ground.issuer
    await operators.create({ nameCode: 'K-1', roles: ['keys'], keyFile: keyOf('K-1') })
    const keys = await as('K-1')
    const enrolling = { nameCode: 'E-1', roles: ['enrol'], keyFile: keyOf('E-1') } as const
    await keys.issuer.operators.create(enrolling)
    const { phone: _, ...stated } = ground.applicant()
    const consent = { purposes: purposesDigest(), language: 'en' }
    const other = await as('K-1')
    await expect(other.issuer.applications.submit({ ...stated, consent })).rejects.toMatchObject({
      code: 'operator_role_missing',
    })
    await expect(other.issuer.applications.list({ limit: 1 })).rejects.toMatchObject({
      code: 'operator_role_missing',
    })
    const { issuer, ground: own } = await as('E-1')
    const { id } = await issuer.applications.submit({ ...stated, consent })
    await issuer.applications.addEvidence(id, 'registry', null)
    await issuer.applications.addEvidence(id, 'presence', { counter: { face: true } })
    const { kysely } = own.database
    const [seen] = await kysely
      .selectFrom('application_evidence')
      .selectAll()
      .where('application', '=', id)
      .where('kind', '=', 'presence')
      .execute()
    expect(seen).toMatchObject({ outcome: 'counter_face', once_hash: expect.any(String) })
    const entries = await kysely
      .selectFrom('audit_log')
      .selectAll()
      .where('subject', '=', id)
      .execute()
    expect(entries).toHaveLength(3)
    expect(entries.every(({ actor, signature }) => actor !== 'local' && signature !== null)).toBe(
      true,
    )
  })
})
