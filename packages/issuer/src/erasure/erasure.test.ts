import { createNetworkNumber } from '@netcert/credential'
import { verifyErasureReceipt } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { trustOf } from '../../../../test/issuer-trust.js'
import { columnsNaming, hangEverythingOn } from '../../../../test/person-hangers.js'
import { openIssuerGround, type OpenedIssuerGround } from '../open.js'
import { openPersonRecord } from '../person-record.js'

const DAY = 86_400_000

describe.each(engines)('what a cancelled person leaves, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const opened = async <T>(work: (opened: OpenedIssuerGround) => Promise<T>): Promise<T> => {
    const ground = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    try {
      return await work(ground)
    } finally {
      await ground.close()
    }
  }
  const cancel = () => family.issuer.erasure.cancel(family.person('parent'))

  it('is named by no column of any table, whatever hung on them', async () => {
    await family.mint({})
    const [citizen, child] = [family.person('parent'), family.person('child')]
    const person = await opened(async ({ ground }) => {
      const { id } = await ground.database.kysely
        .selectFrom('persons')
        .select('id')
        .where('citizen', '=', citizen)
        .executeTakeFirstOrThrow()
      await hangEverythingOn(ground, { id, citizen, child })
      return id
    })
    const named = () => opened(({ ground }) => columnsNaming(ground, [person, citizen, 'd_theirs']))
    const before = await named()
    for (const table of ['applications', 'devices', 'handovers', 'ward_grants', 'vci_offers']) {
      expect(before.join(' ')).toContain(table)
    }
    await cancel()
    // Nothing maps the random reference to anybody any more.
    expect(await named()).toEqual(['audit_log.subject'])
  })

  it('is said by a receipt that anybody can check against the trust list', async () => {
    const { credentials } = await family.mint({})
    expect(credentials).toHaveLength(1)
    const network = await networkNumberOf(family.person('parent'), opened)
    const { receipt, report } = await cancel()
    const trust = await trustOf(family.issuer, family.test.rootDid, family.now)
    const about = { trust, issuer: family.test.issuerDid, now: family.now }
    const said = await verifyErasureReceipt(receipt, { ...about, networkNumber: network })
    expect(said.erased).toContainEqual({ class: 'person', count: 1 })
    const kept = new Map(said.kept.map((one) => [one.class, one]))
    expect(kept.get('status_entries')?.count).toBe(report?.revoked)
    expect(kept.get('cool_down')?.until).toEqual(report?.coolDownUntil)
    expect(kept.get('receipt')?.until).toEqual(report?.coolDownUntil)
    await expect(
      verifyErasureReceipt(receipt, { ...about, networkNumber: createNetworkNumber() }),
    ).rejects.toMatchObject({ code: 'erasure_receipt_invalid' })
  })

  it('can be asked for again by whoever comes back and cancels anew: another receipt', async () => {
    await family.mint({})
    const first = await cancel()
    family.now = new Date(family.now.getTime() + DAY)
    await family.mint({})
    const second = await cancel()
    expect(second.receipt).not.toBe(first.receipt)
    expect((await cancel()).receipt).toBe(second.receipt)
  })

  it('is one cancellation when it is asked for many times at once, in two processes', async () => {
    await family.mint({})
    const other = await openIssuerGround({ dir: family.test.dir, clock: () => family.now })
    const citizen = family.person('parent')
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        (at % 2 === 0 ? family.issuer : other.issuer).erasure.cancel(citizen),
      ),
    )
    await other.close()
    expect(new Set(answers.map(({ receipt }) => receipt)).size).toBe(1)
    expect(answers.filter(({ report }) => report !== null)).toHaveLength(1)
    const entries = await opened(({ ground }) =>
      ground.database.kysely
        .selectFrom('audit_log')
        .select('details')
        .where('event', '=', 'person_cancelled')
        .execute(),
    )
    expect(entries).toHaveLength(1)
  })
})

type Opening = <T>(work: (opened: OpenedIssuerGround) => Promise<T>) => Promise<T>

function networkNumberOf(citizen: string, opened: Opening): Promise<string> {
  return opened(async ({ ground }) => {
    const row = await ground.database.kysely
      .selectFrom('persons')
      .selectAll()
      .where('citizen', '=', citizen)
      .executeTakeFirstOrThrow()
    return openPersonRecord(ground.vault, row).person.networkNumber
  })
}
