import { openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { issuerFamily } from '../../../../test/issuer-family.js'
import { openIssuerGround } from '../open.js'
import { TRIES } from './revocation-codes.js'
import { createRevocationCodeText, readRevocationCode } from './revocation-code-text.js'

const HOUR = 3_600_000

/** A code of the right form that is another one, with the same beginning or not. */
function strangeCode(like?: string): string {
  for (;;) {
    const { printed } = createRevocationCodeText()
    if (like === undefined) return printed
    const symbols = like.replaceAll(' ', '').slice(0, 8) + printed.replaceAll(' ', '').slice(8, 18)
    for (let check = 2; check < 99; check += 1) {
      const code = `${symbols}${String(check).padStart(2, '0')}`
      if (readRevocationCode(code) !== undefined && code !== like.replaceAll(' ', '')) return code
    }
  }
}

describe('a revocation code on paper', () => {
  it('is read as people type it, and a slip of the finger is told from a code', () => {
    const { code, printed } = createRevocationCodeText()
    expect(printed).toMatch(/^([0-9A-HJKMNP-TV-Z]{5} ){3}[0-9A-HJKMNP-TV-Z]{5}$/)
    const typed = ` ${printed.toLowerCase().replaceAll(' ', '-').replaceAll('0', 'o')} `
    expect(readRevocationCode(typed)?.code).toBe(code)
    const check = String((Number(code.slice(-2)) % 97) + 2).padStart(2, '0')
    for (const wrong of [
      '',
      code.slice(1),
      `${code}0`,
      `U${code.slice(1)}`,
      code.slice(0, -2) + check,
      'x'.repeat(5000),
    ]) {
      expect(readRevocationCode(wrong)).toBeUndefined()
    }
  })
})

describe.each(engines)('ending everything by a code, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const desk = () => family.issuer.ending
  const use = (code: string, action: 'suspend' | 'revoke', address = '192.0.2.1') =>
    desk().useRevocationCode({ code, action, address })
  const refusal = (code: string) => expect.objectContaining({ code: `revocation_code_${code}` })
  const rows = async () => {
    const opened = { dir: family.test.dir, clock: () => family.now }
    const { ground, close } = await openIssuerGround(opened)
    const read = (table: 'batches' | 'revocation_codes' | 'audit_log' | 'code_tries') =>
      ground.database.kysely.selectFrom(table).selectAll().execute()
    const [batches, codes, log, tries] = [
      await read('batches'),
      await read('revocation_codes'),
      await read('audit_log'),
      await read('code_tries'),
    ]
    await close()
    return { batches, codes, log, tries }
  }
  const enrolled = async () => {
    await family.mint({})
    return desk().createRevocationCode(family.person('parent'))
  }

  it('pauses as often as it is used, revokes once, and is good for nothing then', async () => {
    const code = await enrolled()
    await use(code, 'suspend')
    await expect(family.mint({})).rejects.toMatchObject({ code: 'citizen_suspended' })
    await family.issuer.certificates.setStatus({
      target: { citizen: family.person('parent') },
      status: 'valid',
      reason: 'citizen_asked',
    })
    await use(code, 'suspend')
    await use(code, 'revoke')
    const { batches, codes, log } = await rows()
    expect(batches).toMatchObject([{ status: 1, status_reason: 'citizen_asked' }])
    expect(codes).toEqual([])
    await expect(use(code, 'revoke')).rejects.toEqual(refusal('wrong'))
    const acts = log.map(({ event, actor }) => ({ event, actor }))
    expect(acts).toContainEqual({ event: 'revocation_code_used', actor: 'citizen' })
    expect(acts).toContainEqual({ event: 'status_set', actor: 'citizen' })
    expect(JSON.stringify(log)).not.toContain(family.person('parent'))
  })

  it('is kept as a keyed tag, and a new one ends the one before', async () => {
    const code = await enrolled()
    const next = await desk().createRevocationCode(family.person('parent'))
    await expect(use(code, 'suspend')).rejects.toEqual(refusal('wrong'))
    const kept = JSON.stringify(await rows())
    expect(kept).not.toContain(next.replaceAll(' ', ''))
    expect(kept).not.toContain('192.0.2.1')
    expect(await desk().firstRevocationCode(family.person('parent'))).toBeNull()
    expect(await desk().firstRevocationCode(family.person('stranger'))).not.toBeNull()
    await use(next, 'suspend')
    await expect(desk().createRevocationCode('c_nobody')).rejects.toMatchObject({
      code: 'citizen_unknown',
    })
  })

  it('ends what was offered and never fetched, and is gone with a person who cancels', async () => {
    const code = await desk().createRevocationCode(family.person('stranger'))
    await use(code, 'revoke')
    expect((await rows()).codes).toEqual([])
    const own = await enrolled()
    await family.issuer.erasure.cancel(family.person('parent'))
    expect((await rows()).codes).toEqual([])
    await expect(use(own, 'revoke')).rejects.toEqual(refusal('wrong'))
  })

  it('limits the tries at one code, wherever they come from, and lets the hour pass', async () => {
    const code = await enrolled()
    const wrong = strangeCode(code)
    for (let tries = 0; tries < TRIES.locator; tries += 1) {
      await expect(use(wrong, 'suspend', `192.0.2.${tries}`)).rejects.toEqual(refusal('wrong'))
    }
    await expect(use(code, 'suspend', '198.51.100.1')).rejects.toEqual(refusal('busy'))
    family.now = new Date(family.now.getTime() + HOUR)
    await use(code, 'suspend', '198.51.100.1')
    await desk().forgetTries()
    family.now = new Date(family.now.getTime() + HOUR)
    await desk().forgetTries()
    expect((await rows()).tries).toEqual([])
  })

  it('limits the tries from one address, and counts neither slips nor right codes', async () => {
    const code = await enrolled()
    for (let tries = 0; tries < TRIES.address + 5; tries += 1) {
      await expect(use('7K3QX', 'suspend')).rejects.toEqual(refusal('malformed'))
      await use(code, 'suspend')
    }
    for (let tries = 0; tries < TRIES.address; tries += 1) {
      await expect(use(strangeCode(), 'revoke')).rejects.toEqual(refusal('wrong'))
    }
    await expect(use(code, 'revoke')).rejects.toEqual(refusal('busy'))
    await use(code, 'revoke', '2001:db8::1')
  })

  it('counts the tries of two processes together: none of forty at once is one too many', async () => {
    const code = await enrolled()
    const second = await openIssuer({ dir: family.test.dir, clock: () => family.now })
    const desks = [desk(), second.issuer.ending]
    const wrong = strangeCode(code)
    const tries = Array.from({ length: 40 }, (_, at) =>
      desks[at % 2]!.useRevocationCode({
        code: wrong,
        action: 'revoke',
        address: `192.0.2.${at}`,
      }).catch((error: { code?: string }) => error.code),
    )
    const outcomes = await Promise.all(tries)
    expect(outcomes.filter((it) => it === 'revocation_code_wrong')).toHaveLength(TRIES.locator)
    expect(outcomes.filter((it) => it === 'revocation_code_busy')).toHaveLength(40 - TRIES.locator)
    await second.close()
  })

  it('revokes once when two use it at the same moment', async () => {
    const code = await enrolled()
    const both = await Promise.allSettled([use(code, 'revoke'), use(code, 'revoke', '192.0.2.9')])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const { log } = await rows()
    expect(log.filter(({ event }) => event === 'revocation_code_used')).toHaveLength(1)
  })
})
