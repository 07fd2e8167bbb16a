import { openIssuer } from '@netcert/issuer'
import { parseOfferLink, PRE_AUTHORIZED_GRANT } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { claimsOf } from '../../../../test/numbered-copies.js'
import { postToken } from '../../../../test/oauth-flow.js'
import { openedForAll } from '../../../../test/opened-for-all.js'
import { askCredential, serveFamily } from '../../../../test/ward-ground.js'
import { openIssuerGround } from '../open.js'
import type { ApplicationDesk } from './application-desk.js'
import type { ApplicationOffer } from './offering.js'
import { purposesDigest } from './purposes.js'

const served = openedForAll(serveFamily)
const CERTIFICATE = 'network-certificate'

/** Works beside the server, as the command does. */
async function atTheDesk<T>(work: (desk: ApplicationDesk) => Promise<T>): Promise<T> {
  const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
  try {
    return await work(issuer.applications)
  } finally {
    await close()
  }
}

const offered = (applicant: 'stranger' | 'father') =>
  atTheDesk(async (desk) => {
    const consent = { purposes: purposesDigest(), language: 'en' }
    const { documentNumber, birthdate } = served.family[applicant]
    const document = { type: 'passport', number: documentNumber }
    const names = { family_name: '王', given_name: applicant, birthdate }
    const assurance = 'document+face'
    const { id } = await desk.submit({ document, ...names, assurance, consent })
    await desk.addEvidence(id, 'registry', null)
    await desk.addEvidence(id, 'presence', { counter: { face: true } })
    await desk.decide(id)
    return { id, offer: await desk.offer(id) }
  })

async function tokenOf({ offerUri, txCode }: ApplicationOffer) {
  const link = parseOfferLink(offerUri)
  if (link.kind !== 'value') throw new TypeError('the offer is in its link')
  const code = link.offer.grants?.[PRE_AUTHORIZED_GRANT]?.['pre-authorized_code'] ?? ''
  const form = { grant_type: PRE_AUTHORIZED_GRANT, 'pre-authorized_code': code }
  const { status, body } = await postToken(served, { ...form, tx_code: txCode ?? '' }, undefined)
  return { status, accessToken: String(body['access_token']) }
}

const fetchWith = (accessToken: string) =>
  askCredential(served, {
    accessToken,
    clientId: null,
    request: { credential_configuration_id: CERTIFICATE },
  })
const stateOf = (id: string) => atTheDesk(async (desk) => (await desk.show(id)).state)

describe('an application on the wire', () => {
  it('is issued with the first certificate, at the level it reached, and stays so', async () => {
    const { id, offer } = await offered('stranger')
    const { accessToken } = await tokenOf(offer)
    expect(await stateOf(id)).toBe('offered')
    const { status, body } = await fetchWith(accessToken)
    expect(status).toBe(200)
    expect(await stateOf(id)).toBe('issued')
    const [first] = body['credentials'] as { credential: string }[]
    const claims = await claimsOf(first?.credential ?? '')
    expect(claims.get('real_person')).toBe('document+face')
    expect((await fetchWith(accessToken)).status).toBe(200)
    await expect(atTheDesk((desk) => desk.withdraw(id))).rejects.toMatchObject({
      code: 'application_state',
    })
    await expect(atTheDesk((desk) => desk.offer(id))).rejects.toMatchObject({
      code: 'application_state',
    })
  })

  it('that was withdrawn gives nothing, to a code or to a token', async () => {
    const { id, offer } = await offered('father')
    await atTheDesk((desk) => desk.withdraw(id))
    expect((await tokenOf(offer)).status).toBe(400)
    const second = await offered('father')
    const { accessToken } = await tokenOf(second.offer)
    await atTheDesk((desk) => desk.withdraw(second.id))
    expect((await fetchWith(accessToken)).status).toBe(401)
    expect(await stateOf(second.id)).toBe('withdrawn')
  })

  it('leaves a trail of its steps, and nobody in it', async () => {
    const { ground, close } = await openIssuerGround({ dir: served.dir, clock: () => new Date() })
    const entries = await ground.database.kysely.selectFrom('audit_log').selectAll().execute()
    await close()
    const steps = entries
      .map(({ event }) => event)
      .filter((event) => event.startsWith('application_'))
    expect(new Set(steps)).toEqual(
      new Set([
        'application_submitted',
        'application_evidence',
        'application_approved',
        'application_offered',
        'application_issued',
        'application_withdrawn',
      ]),
    )
    const issued = entries.filter(({ event }) => event === 'application_issued')
    expect(issued.map(({ actor }) => actor)).toEqual(['citizen'])
    expect(JSON.stringify(entries)).not.toMatch(/EX765430|stranger|father|c_[0-9a-z]{26}/)
  })
})
