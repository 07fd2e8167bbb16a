import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { holderKeys } from '../../../test/issuer-ground.js'
import { signingGround } from '../../../test/signing-ground.js'
import { type SignatureWatch, WATCH_SECONDS, watchSignatures } from './signature-reconciliation.js'

const UNPLANNED = `b_${'7'.repeat(26)}`

describe.each(engines)('signatures and plans on %s', (engine) => {
  const ground = signingGround(databasesOn(engine))
  const lines: string[] = []
  let watch: SignatureWatch | undefined

  afterEach(async () => {
    await watch?.close()
    lines.splice(0)
  })

  const store = () => ground.opened.ground.signatures
  const begin = (intervalSeconds?: number) => {
    watch = watchSignatures({
      store: store(),
      clock: () => ground.family.now,
      log: (line) => void lines.push(line),
      ...(intervalSeconds === undefined ? {} : { intervalSeconds }),
    })
    return watch
  }
  const fake = (batch: string, copies: number) =>
    ground.opened.ground.database.kysely
      .insertInto('signatures')
      .values({ batch, copies })
      .execute()
  const sign = async (batch: string) =>
    ground.opened.ground.certificates.sign({
      batch,
      holderJwks: await holderKeys(1),
      blinded: null,
      namesKey: true,
    })
  const codes = async () => (await ground.opened.issuer.examine()).map(({ code }) => code)

  it('are compared every minute, unless it is said oftener', () => {
    expect(WATCH_SECONDS).toBeLessThanOrEqual(60)
  })

  it('agree after signing, also where a plan was never signed', async () => {
    const { batch } = await ground.plan('platform', 1)
    await ground.plan('one-time', 10)
    await sign(batch)
    await begin().look()
    expect(lines).toEqual([])
    expect(await codes()).toEqual(['status_list_unpublished'])
  })

  it('raise an alarm within the interval when a signature is counted that nobody planned', async () => {
    begin(0.05)
    await fake(UNPLANNED, 10)
    await expect.poll(() => lines, { timeout: 5_000 }).not.toEqual([])
    expect(lines[0]).toContain('ALARM signature_unplanned: 1 batches')
    expect(lines[0]).toContain(UNPLANNED)
    expect(await codes()).toContain('signature_unplanned')
    expect(await codes()).toContain('signing_halted')
  })

  it('raise an alarm when a batch has more signatures than it was planned for', async () => {
    const { batch } = await ground.plan('one-time', 3)
    await fake(batch, 4)
    await begin().look()
    expect(lines.at(-1)).toContain('ALARM signatures_exceed_plan: 1 batches')
    expect(await codes()).toContain('signatures_exceed_plan')
  })

  it('are compared as a whole every hour: a false count among old ones is found, too', async () => {
    const { batch } = await ground.plan('platform', 1)
    await sign(batch)
    const { kysely } = ground.opened.ground.database
    const far = sql`insert into signatures (number, batch, copies)
      ${sql.raw(engine === 'sqlite' ? '' : 'overriding system value')} values (500000, 'far', 0)`
    await kysely
      .insertInto('batches')
      .columns(['id', 'vct', 'kind', 'copies', 'issued_at', 'expires_at', 'status'])
      .expression(sql`select 'far', vct, kind, copies, issued_at, expires_at, status from batches`)
      .execute()
    await far.execute(kysely)
    await begin().look()
    await watch?.look()
    const hidden = sql`insert into signatures (number, batch, copies)
      ${sql.raw(engine === 'sqlite' ? '' : 'overriding system value')} values (2, 'hidden', 1)`
    await hidden.execute(kysely)
    await watch?.look()
    expect(lines).toEqual([])
    ground.family.now = new Date(ground.family.now.getTime() + 3_600_000)
    await watch?.look()
    expect(lines.at(-1)).toContain('ALARM signature_unplanned: 1 batches')
  })

  it('end all signing when they do not agree, until an operator has looked', async () => {
    const [first, second] = [await ground.plan('platform', 1), await ground.plan('platform', 1)]
    await fake(UNPLANNED, 1)
    await begin().look()
    await expect(sign(first.batch)).rejects.toMatchObject({ code: 'signing_halted' })
    // Another process of the same issuer, too.
    await expect(ground.family.mint({ copies: 'one-time', keys: 2 })).rejects.toMatchObject({
      code: 'signing_halted',
    })
    expect(await ground.opened.issuer.resumeSigning()).toEqual({ accepted: 1 })
    expect(await sign(first.batch)).toHaveLength(1)
    await watch?.look()
    expect(await codes()).not.toContain('signature_unplanned')
    // What was accepted covers no second one.
    await fake(`b_${'8'.repeat(26)}`, 1)
    await watch?.look()
    await expect(sign(second.batch)).rejects.toMatchObject({ code: 'signing_halted' })
  })

  it('leave revocation as it is while signing has ended', async () => {
    const { batch } = await ground.plan('platform', 1)
    await sign(batch)
    await fake(UNPLANNED, 1)
    await begin().look()
    const report = await ground.opened.issuer.certificates.setStatus({
      target: { batch },
      status: 'revoked',
      reason: 'key_compromised',
    })
    expect(report).toMatchObject({ changed: 1 })
  })

  it('are an alarm, too, when they cannot be compared', async () => {
    await sql`drop table signatures`.execute(ground.opened.ground.database.kysely)
    begin()
    await expect.poll(() => lines).not.toEqual([])
    expect(lines[0]).toMatch(/^ALARM signatures_unknown: [a-z_]+$/)
  })
})
