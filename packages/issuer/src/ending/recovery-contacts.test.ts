import { generateSigner, NETWORK_CERTIFICATE, type Signer } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import { parseRecoveryLink, type RecoveryRequest, recoveryClaims } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { type FamilyMember, issuerFamily } from '../../../../test/issuer-family.js'
import { blindFor, claimsOf } from '../../../../test/numbered-copies.js'
import { judgeApplication } from '../application/assurance.js'
import { purposesDigest } from '../application/purposes.js'

const BASE_URL = 'https://issuer.example'
const SHOP = 'p-4711'
const STATED = {
  document: { type: 'resident_id', number: '990217198905047852' },
  family_name: '于',
  given_name: '敏静',
  birthdate: '1989-05-04',
}

/** A copy in somebody's wallet. */
type Copy = { readonly credential: string; readonly signer: Signer; readonly batch: string }

describe.each(engines)('a recovery contact, on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))

  const desk = () => family.issuer.ending
  const copyOf = async (member: FamilyMember, copies: 'platform' | 'one-time' = 'platform') => {
    const signers = [await generateSigner('ES256')]
    const { credentials, batch } = await family.issuer.mint({
      citizen: family.person(member),
      type: NETWORK_CERTIFICATE,
      copies,
      holderJwks: signers.map(({ jwk }) => jwk),
    })
    return { credential: credentials[0]!, signer: signers[0]!.signer, batch }
  }
  const sign = ({ credential, signer }: Copy, request: RecoveryRequest, changes: object = {}) =>
    createPresentation({
      credential,
      paths: [['network_number']],
      signer,
      audience: request.issuer,
      nonce: request.nonce,
      issuedAt: family.now,
      keyBindingClaims: recoveryClaims(request),
      ...changes,
    })
  /** The stranger agrees to be the parent's contact. */
  const agreed = async () => {
    const own = await copyOf('parent')
    const copy = await copyOf('stranger')
    const { contact, link } = await desk().askContact(family.person('parent'))
    await desk().agreeContact(contact, await sign(copy, parseRecoveryLink(link)))
    return { contact, copy, own }
  }
  /** An application of the parent, compared with the source, and what the contact is asked. */
  const applied = async () => {
    const consent = { purposes: purposesDigest(), language: 'zh-CN' }
    const application = { ...STATED, consent, assurance: 'document' }
    const { id } = await family.issuer.applications.submit(application)
    await family.issuer.applications.addEvidence(id, 'registry', null)
    const { nonce } = await family.issuer.applications.show(id)
    return { id, request: { kind: 'confirmation', issuer: BASE_URL, nonce, subject: id } as const }
  }
  const confirm = async (copy: Copy, { id, request }: Awaited<ReturnType<typeof applied>>) =>
    family.issuer.applications.addEvidence(id, 'contact', {
      presentation: await sign(copy, request),
    })

  it('agrees by presenting their own certificate, and is listed without a name', async () => {
    const { contact } = await agreed()
    const listed = await desk().contacts(family.person('parent'))
    expect(listed).toEqual([{ contact, state: 'agreed', since: expect.any(Date) }])
    await desk().removeContact(contact)
    expect(await desk().contacts(family.person('parent'))).toEqual([])
    await expect(desk().removeContact(contact)).rejects.toMatchObject({
      code: 'contact_request_unknown',
    })
  })

  it('confirms an application of somebody whose devices are gone: the numbers stay', async () => {
    const { copy } = await agreed()
    const numberNow = async () => {
      const blinding = blindFor(SHOP)
      const { credentials } = await family.mint({ blinded: blinding.b })
      const claims = await claimsOf(credentials[0]!)
      return [await blinding.open(credentials[0]!), claims.get('network_number')]
    }
    const before = await numberNow()
    await family.issuer.certificates.setStatus({
      target: { citizen: family.person('parent') },
      status: 'revoked',
      reason: 'device_lost',
    })
    const application = await applied()
    expect(await confirm(copy, application)).toMatchObject({ passed: true, outcome: 'contact' })
    await family.issuer.applications.addEvidence(application.id, 'presence', {
      counter: { face: false },
    })
    const decision = await family.issuer.applications.decide(application.id)
    expect(decision).toMatchObject({ state: 'approved' })
    expect(await numberNow()).toEqual(before)
  })

  it('is what somebody enrolled needs beside a document that anybody may have found', () => {
    const judged = (...kinds: ('registry' | 'chip' | 'contact')[]) =>
      judgeApplication({
        ...{ asked: 'document', byGuardian: false, birthdate: '1989-05-04', isEnrolled: true },
        evidence: kinds.map((kind) => ({ kind, passed: true, outcome: kind, at: 1 })),
        ...{ today: '2026-11-21', at: 1 },
      })
    expect(judged('registry', 'chip')).toMatchObject({ refused: 're_enrolment_evidence_missing' })
    expect(judged('registry', 'chip', 'contact')).toEqual({ approved: 'document' })
    expect(judged('registry', 'contact')).toMatchObject({ refused: 'evidence_missing' })
  })

  it('is refused once they cancelled, were revoked or paused, or were taken off the list', async () => {
    const { copy, contact } = await agreed()
    const application = await applied()
    const target = { citizen: family.person('stranger') }
    const set = (status: 'suspended' | 'valid', reason: string) =>
      family.issuer.certificates.setStatus({ target, status, reason })
    await set('suspended', 'citizen_asked')
    await expect(confirm(copy, application)).rejects.toMatchObject({
      code: 'presentation_not_valid',
    })
    await set('valid', 'citizen_asked')
    const other = await copyOf('stranger')
    await family.issuer.certificates.setStatus({
      target: { batch: copy.batch },
      status: 'revoked',
      reason: 'device_lost',
    })
    await expect(confirm(copy, application)).rejects.toMatchObject({
      code: 'presentation_not_valid',
    })
    await desk().removeContact(contact)
    await expect(confirm(other, application)).rejects.toMatchObject({ code: 'contact_not_named' })
    await family.issuer.erasure.cancel(family.person('stranger'))
    await expect(confirm(other, application)).rejects.toMatchObject({
      code: 'presentation_unknown_person',
    })
  })

  it('confirms this application and no other, once, and nobody confirms their own', async () => {
    const { copy, own } = await agreed()
    const [application, another] = [await applied(), await applied()]
    const meantFor = (changes: object) =>
      sign(copy, { ...application.request, ...changes }, {}).then((presentation) =>
        family.issuer.applications.addEvidence(application.id, 'contact', { presentation }),
      )
    await expect(meantFor({ nonce: another.request.nonce })).rejects.toMatchObject({
      code: 'presentation_refused',
    })
    await expect(meantFor({ subject: another.id })).rejects.toMatchObject({
      code: 'contact_certificate',
    })
    await expect(meantFor({ issuer: 'https://other.example' })).rejects.toMatchObject({
      code: 'presentation_refused',
    })
    await expect(meantFor({ kind: 'contact' })).rejects.toMatchObject({
      code: 'presentation_refused',
    })
    await expect(confirm(own, application)).rejects.toMatchObject({ code: 'contact_is_applicant' })
    await confirm(copy, application)
    await expect(confirm(copy, application)).rejects.toMatchObject({ code: 'evidence_repeated' })
  })

  it('agrees to one request, in time, as a person of age who is somebody else', async () => {
    const own = await copyOf('parent')
    const ask = async () => {
      const { contact, link } = await desk().askContact(family.person('parent'))
      return { contact, request: parseRecoveryLink(link) }
    }
    const first = await ask()
    const answer = async (copy: Copy, { contact, request } = first) =>
      desk().agreeContact(contact, await sign(copy, request))
    await expect(answer(own)).rejects.toMatchObject({ code: 'contact_is_applicant' })
    const teen = await copyOf('teen')
    await expect(answer(teen)).rejects.toMatchObject({ code: 'contact_not_adult' })
    const copy = await copyOf('stranger', 'one-time')
    await answer(copy)
    await expect(answer(copy)).rejects.toMatchObject({ code: 'contact_request_over' })
    const nothing = { ...first, contact: 'k_none' }
    await expect(answer(copy, nothing)).rejects.toMatchObject({ code: 'contact_request_unknown' })
    const late = await ask()
    family.now = new Date(family.now.getTime() + 7 * 86_400_000)
    const fresh = await copyOf('stranger')
    await expect(answer(fresh, late)).rejects.toMatchObject({ code: 'contact_request_over' })
    await expect(desk().askContact(family.person('child'))).rejects.toMatchObject({
      code: 'not_enrolled',
    })
    for (let more = 0; more < 4; more += 1) await ask()
    await expect(ask()).rejects.toMatchObject({ code: 'contact_too_many' })
  })
})
