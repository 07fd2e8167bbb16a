import { describe, expect, it } from 'vitest'
import { protocolCode, registrars, verdictOf } from '../../../test/accreditation-verdict.js'
import {
  listedRegistrar,
  REGISTRAR_STATUS_URI,
  registrar,
  signAccreditation,
  signRegistrarStatus,
} from '../../../test/accreditation-tokens.js'
import { at, DAY, HOUR, NOW, stranger } from '../../../test/trust-ground.js'
import { verifyAccreditation } from './accreditation.js'
import { readAccreditationStatusList, withAccreditationStatus } from './accreditation-status.js'
import { ProtocolError } from './errors.js'

describe('the status list of a registrar', () => {
  const take = async (token: string, now = NOW): Promise<string> =>
    readAccreditationStatusList(token, { registrars, now }).then(() => 'taken', protocolCode)

  it('is refused from anybody else, and from the future', async () => {
    expect(await take(await signRegistrarStatus())).toBe('taken')
    expect(await take(await signRegistrarStatus({ signer: stranger.signer }))).toBe(
      'accreditation_status',
    )
    const withdrawn = [listedRegistrar({ notAfter: at(-2 * HOUR) })]
    const late = { registrars: withdrawn, now: NOW }
    const read = readAccreditationStatusList(await signRegistrarStatus(), late)
    expect(await read.then(() => 'taken', protocolCode)).toBe('accreditation_status')
    expect(await take(await signRegistrarStatus({ issuedAt: at(2 * DAY) }))).toBe(
      'accreditation_status',
    )
    const forged = await signRegistrarStatus({
      signer: { ...stranger.signer, keyId: registrar.signer.keyId },
    })
    expect(await take(forged)).toBe('accreditation_status')
    expect(await take(await signAccreditation())).toBe('accreditation_status')
  })

  it('does not go back to an older one', async () => {
    const read = async (issuedAt: Date) =>
      readAccreditationStatusList(await signRegistrarStatus({ issuedAt }), { registrars, now: NOW })
    const [older, newer] = [await read(at(-2 * HOUR)), await read(at(-HOUR))]
    const lists = withAccreditationStatus(new Map(), newer)
    expect(() => withAccreditationStatus(lists, older)).toThrow(ProtocolError)
    expect(withAccreditationStatus(lists, newer).get(newer.uri)).toBe(newer)
    expect(withAccreditationStatus(new Map([[older.uri, older]]), newer).get(newer.uri)).toBe(newer)
  })

  it('does not go back to one of the same second that gives back what was revoked', async () => {
    const read = async (revoked: readonly number[]) =>
      readAccreditationStatusList(await signRegistrarStatus({ revoked }), { registrars, now: NOW })
    const [before, after] = [await read([3]), await read([3, 7])]
    const lists = withAccreditationStatus(new Map(), after)
    expect(() => withAccreditationStatus(lists, before)).toThrow(ProtocolError)
    expect(withAccreditationStatus(new Map([[before.uri, before]]), after).get(after.uri)).toBe(
      after,
    )
  })

  it('counts for the registrar that signed it, and for entries it has', async () => {
    const token = await signAccreditation()
    const trusted = [listedRegistrar(), listedRegistrar({ did: stranger.signer.did })]
    const theirs = await signRegistrarStatus({ signer: stranger.signer, revoked: [7] })
    expect(await verdictOf(token, { trusted, lists: [theirs] })).toBe('unknown')
    const short = await signAccreditation({ status: { uri: REGISTRAR_STATUS_URI, index: 5000 } })
    expect(await verdictOf(short, { lists: [await signRegistrarStatus()] })).toBe(
      'accreditation_status',
    )
  })

  it('is taken in past its end, for what it revoked', async () => {
    const token = await signAccreditation()
    const now = at(8 * DAY)
    const revoked = await signRegistrarStatus({ revoked: [7] })
    expect(await take(revoked, now)).toBe('taken')
    expect(await verdictOf(token, { lists: [revoked], now })).toBe('accreditation_revoked')
    const good = await signRegistrarStatus()
    expect(await verdictOf(token, { lists: [good], now })).toBe('unknown')
  })

  it('says nothing any more after its end', async () => {
    const token = await signAccreditation()
    const held = await readAccreditationStatusList(await signRegistrarStatus(), {
      registrars,
      now: NOW,
    })
    const statusLists = new Map([[held.uri, held]])
    const later = await verifyAccreditation(token, { registrars, statusLists, now: at(8 * DAY) })
    expect(later.status).toBe('unknown')
  })
})
