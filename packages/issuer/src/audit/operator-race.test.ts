import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuerGround } from '../open.js'
import { createOperatorStore } from './operator-store.js'

/** Longer than whoever waits for the end of the log takes to get there. */
const MEANWHILE_MILLISECONDS = 500

describe.each(engines)('an operator who is being revoked, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const keyOf = (name: string) => join(family.folder, `${name}.pem`)
  const open = (name: string) =>
    openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
      operatorKeyFile: keyOf(name),
    })

  it('puts nothing on record behind that, and breaks no log', async () => {
    const { operators, auditLog } = family.issuer
    const first = { nameCode: 'A-1', roles: ['keys'], keyFile: keyOf('A-1') } as const
    await operators.create(first)
    const one = await open('A-1')
    const second = { nameCode: 'B-2', roles: ['audit'], keyFile: keyOf('B-2') } as const
    const { id } = await one.issuer.operators.create(second)
    const other = await open('B-2')
    const store = createOperatorStore(one.ground.database)
    let exported: Promise<unknown> = Promise.resolve()
    await store.transaction(async (trx) => {
      await one.ground.audit.append(trx, { event: 'operator_revoked', subject: id })
      await store.revoke(trx, id, 1)
      exported = other.issuer.auditLog.export({}).catch((error: unknown) => error)
      await setTimeout(MEANWHILE_MILLISECONDS)
    })
    expect(await exported).toMatchObject({ code: 'operator_revoked' })
    await one.close()
    await other.close()
    expect(await auditLog.verify()).toMatchObject({ firstBad: null })
  })
})
