import { parseOfferLink } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { ISSUER, startCredentialIssuer } from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import type { CreateOfferOptions } from './vci-offers.js'
import { assertTransactionCode } from './vci-transaction-code.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

describe.each(engines)('credential offers on %s', (engine) => {
  const databases = databasesOn(engine)
  const test = openedForAll(() => startCredentialIssuer({ databases }))
  let address = 0

  const offer = async (options: Partial<CreateOfferOptions> = {}) => {
    const created = await test.offers.createOffer({
      citizen: test.adult,
      types: ['network-certificate'],
      grant: 'pre-authorized',
      ...options,
    })
    const link = parseOfferLink(created.offerUri)
    const document = link.kind === 'value' ? link.offer : undefined
    const code = document?.grants?.[GRANT]?.['pre-authorized_code'] ?? ''
    return { ...created, link, document, code }
  }
  const redeem = (code: string, txCode?: string, from = `10.0.0.${(address += 1)}`) =>
    test.offers.redeemPreAuthorizedCode({ code, txCode, address: from })

  it('carry the code once and nothing about the person', async () => {
    const { document, code, offerUri } = await offer()
    expect(document).toEqual({
      credential_issuer: ISSUER,
      credential_configuration_ids: ['network-certificate'],
      grants: { [GRANT]: { 'pre-authorized_code': code } },
    })
    expect(offerUri).not.toContain(test.adult)
    const rows = await test.ground.database.kysely.selectFrom('vci_offers').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(code)
    await expect(redeem(code)).resolves.toMatchObject({
      citizen: test.adult,
      configurationIds: ['network-certificate'],
    })
  })

  it('are redeemed once', async () => {
    const { code } = await offer()
    await redeem(code)
    await expect(redeem(code)).rejects.toMatchObject({ code: 'pre_authorized_code_used' })
    await expect(redeem(`${code}x`)).rejects.toMatchObject({ code: 'pre_authorized_code_invalid' })
  })

  it('are redeemed by exactly one of many at once', async () => {
    const { code } = await offer()
    const results = await Promise.allSettled(Array.from({ length: 16 }, () => redeem(code)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('end after ten minutes', async () => {
    const { code } = await offer()
    const start = test.now
    test.now = new Date(start.getTime() + 600_000)
    await expect(redeem(code)).rejects.toMatchObject({ code: 'pre_authorized_code_expired' })
    test.now = new Date(start.getTime() + 599_000)
    await expect(redeem(code)).resolves.toMatchObject({ citizen: test.adult })
    test.now = start
  })

  it('ask for a transaction code where they have one, and for none where not', async () => {
    const { code, txCode, document } = await offer({ txCode: 'generate' })
    expect(txCode).toMatch(/^\d{6}$/)
    expect(document?.grants?.[GRANT]?.tx_code).toEqual({ input_mode: 'numeric', length: 6 })
    await expect(redeem(code)).rejects.toMatchObject({ code: 'tx_code_missing' })
    await redeem(code, txCode!)
    const plain = await offer()
    await expect(redeem(plain.code, '123456')).rejects.toMatchObject({ code: 'tx_code_unexpected' })
    await expect(redeem(plain.code)).resolves.toBeDefined()
  })

  it('take the right transaction code after four wrong ones and not after five', async () => {
    for (const wrong of [4, 5]) {
      const { code, txCode } = await offer({ txCode: 'generate' })
      const other = txCode === '000000' ? '000001' : '000000'
      for (let guess = 0; guess < wrong; guess += 1) {
        await expect(redeem(code, other)).rejects.toMatchObject({ code: 'tx_code_wrong' })
      }
      const last = redeem(code, txCode!)
      if (wrong === 4) await expect(last).resolves.toBeDefined()
      else await expect(last).rejects.toMatchObject({ code: 'pre_authorized_code_used' })
    }
  })

  it('count 15 wrong guesses at once as what they are', async () => {
    const { code, txCode } = await offer({ txCode: 'generate' })
    const other = txCode === '000000' ? '000001' : '000000'
    const guesses = await Promise.allSettled(Array.from({ length: 15 }, () => redeem(code, other)))
    expect(guesses.every(({ status }) => status === 'rejected')).toBe(true)
    await expect(redeem(code, txCode!)).rejects.toMatchObject({ code: 'pre_authorized_code_used' })
  })

  it('are tried wrongly 60 times a minute from one address and not once more', async () => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      await expect(redeem(`guess-${attempt}`, undefined, '192.0.2.7')).rejects.toMatchObject({
        code: 'pre_authorized_code_invalid',
      })
    }
    const { code } = await offer()
    await expect(redeem(code, undefined, '192.0.2.7')).rejects.toMatchObject({ code: 'offer_busy' })
    await expect(redeem(code, undefined, '192.0.2.8')).resolves.toBeDefined()
  })

  it('are redeemed as often as they are right, also from one address', async () => {
    for (let count = 0; count < 70; count += 1) {
      const { code } = await offer()
      await expect(redeem(code, undefined, '192.0.2.9')).resolves.toBeDefined()
    }
  })

  it('are tried 20 times a minute by code, from wherever', async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await expect(redeem('one-code')).rejects.toMatchObject({
        code: 'pre_authorized_code_invalid',
      })
    }
    await expect(redeem('one-code')).rejects.toMatchObject({ code: 'offer_busy' })
  })

  it('are read by reference until they are redeemed', async () => {
    const { link, offerUri } = await offer({ by: 'reference', start: 'haip-vci' })
    expect(offerUri).toMatch(/^haip-vci:\/\/\?credential_offer_uri=/)
    const uri = link.kind === 'reference' ? link.uri : ''
    expect(uri).toMatch(/^https:\/\/issuer\.example\/tenant\/offers\/[\w-]{32}$/)
    const read = async () => fetch(uri.replace('https://issuer.example', test.origin))
    const response = await read()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/json')
    const document = (await response.json()) as { grants: Record<string, Record<string, string>> }
    await redeem(document.grants[GRANT]!['pre-authorized_code']!)
    expect((await read()).status).toBe(404)
    expect((await fetch(`${test.origin}/tenant/offers/${'a'.repeat(32)}`)).status).toBe(404)
  })

  it('of the authorization code grant are found by their issuer_state', async () => {
    const { document, offer: id } = await offer({ grant: 'authorization-code', citizen: null })
    const state = document?.grants?.authorization_code?.issuer_state ?? ''
    expect(await test.offers.findByIssuerState(state)).toEqual({
      offer: id,
      citizen: null,
      ward: null,
      configurationIds: ['network-certificate'],
    })
    expect(await test.offers.findByIssuerState(`${state}x`)).toBeUndefined()
    await expect(redeem(state)).rejects.toMatchObject({ code: 'pre_authorized_code_invalid' })
  })

  it.each([
    ['an unknown type', { types: ['passport'] }, 'type_unknown'],
    ['a type twice', { types: ['gate-pass', 'gate-pass'] }, 'type_unknown'],
    ['no type', { types: [] }, 'type_unknown'],
    ['an unknown citizen', { citizen: 'c_nobody' }, 'citizen_unknown'],
    ['nobody', { citizen: null }, 'citizen_unknown'],
    ['a chosen code at a public issuer', { txCode: '1234' }, 'tx_code_choice'],
  ] as const)('are not made for %s', async (_what, options, code) => {
    await expect(offer(options)).rejects.toMatchObject({ code })
  })
})

describe('a transaction code of one’s own choice', () => {
  it('is taken at an issuer on this machine, with 4 to 32 symbols', () => {
    expect(() => assertTransactionCode('1234', 'http://127.0.0.1:8080')).not.toThrow()
    expect(() => assertTransactionCode('a'.repeat(32), 'http://localhost')).not.toThrow()
    expect(() => assertTransactionCode('123', 'http://127.0.0.1')).toThrow('4 to 32')
    expect(() => assertTransactionCode('a'.repeat(33), 'http://127.0.0.1')).toThrow('4 to 32')
    expect(() => assertTransactionCode('1234', 'https://issuer.example')).toThrow('this machine')
  })
})
