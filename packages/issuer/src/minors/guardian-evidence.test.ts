import {
  GUARDIANSHIP,
  generateSigner,
  NETWORK_CERTIFICATE,
  type Signer,
  WARD_CERTIFICATE,
} from '@netcert/credential'
import { createPresentation, inspectCredential } from '@netcert/credential/holder'
import { guardianConsentClaims, recoveryClaims } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { databasesOn, engines } from '../../../../test/database-engines.js'
import { type FamilyMember, issuerFamily } from '../../../../test/issuer-family.js'
import type { CopyKind } from '../copy-policy.js'
import { openIssuerGround } from '../open.js'
import { purposesDigest } from '../application/purposes.js'

const ISSUER = 'https://issuer.example'

const STATED = {
  child: {
    document: { type: 'resident_id', number: '99066420140303098X' },
    ...{ family_name: '王', given_name: '小明', birthdate: '2014-03-03' },
    types: ['ward-certificate'],
  },
  teen: {
    document: { type: 'passport', number: 'EX7654321' },
    ...{ family_name: '王', given_name: '小红', birthdate: '2010-01-01' },
    types: ['network-certificate'],
  },
} as const
type Minor = keyof typeof STATED

type Copy = { readonly credential: string; readonly signer: Signer; readonly batch: string }

describe.each(engines)('the consent of a guardian on %s', (engine) => {
  const family = issuerFamily(databasesOn(engine))
  const desk = () => family.issuer.applications

  const copyOf = async (
    member: FamilyMember,
    options: { type?: string; copies?: CopyKind; guardian?: string } = {},
  ): Promise<Copy> => {
    const { signer, jwk } = await generateSigner('ES256')
    const { credentials, batch } = await family.mint({
      ...{ citizen: family.person(member), holderJwks: [jwk], type: NETWORK_CERTIFICATE },
      ...options,
    })
    return { credential: credentials[0] ?? '', signer, batch }
  }

  /** An application about a minor, compared with the source. */
  const submitted = async (minor: Minor) => {
    const consent = { purposes: purposesDigest(), language: 'zh-CN' }
    const { id, nonce } = await desk().submit({
      ...STATED[minor],
      consent,
      guardian: { applies: true },
    })
    await desk().addEvidence(id, 'registry', null)
    return { id, nonce }
  }

  type Presenting = {
    nonce?: string
    audience?: string
    claims?: ReturnType<typeof guardianConsentClaims>
    paths?: readonly (readonly [string])[]
    signer?: Signer
  }
  const presented = async (
    { credential, signer }: Copy,
    application: { id: string; nonce: string },
    changes: Presenting = {},
  ) => {
    const purposes = purposesDigest()
    return createPresentation({
      credential: await inspectCredential(credential),
      paths: changes.paths ?? [['network_number']],
      signer: changes.signer ?? signer,
      audience: changes.audience ?? ISSUER,
      nonce: changes.nonce ?? application.nonce,
      issuedAt: family.now,
      keyBindingClaims:
        changes.claims ?? guardianConsentClaims({ application: application.id, purposes }),
    })
  }
  const bring = async (application: { id: string }, presentation: string) =>
    desk().addEvidence(application.id, 'guardian', { presentation })

  it('counts for nothing more once they are guardian no longer', async () => {
    const own = await copyOf('parent')
    const approved = await submitted('teen')
    await bring(approved, await presented(own, approved))
    const open = await submitted('teen')
    await bring(open, await presented(own, open))
    expect(await desk().decide(approved.id)).toMatchObject({ state: 'approved' })
    await family.issuer.minors.changeCustody({
      citizen: family.person('teen'),
      input: { guardian_document_numbers: ['EX7654322'] },
    })
    const refused = { code: 'guardian_not_linked' }
    await expect(desk().offer(approved.id)).rejects.toMatchObject(refused)
    expect(await desk().decide(open.id)).toMatchObject({ state: 'refused' })
  })

  it('brings a ward’s certificate from application to the guardian’s offer', async () => {
    const own = await copyOf('parent')
    const application = await submitted('child')
    expect(await bring(application, await presented(own, application))).toMatchObject({
      ...{ passed: true, outcome: 'guardian', missing: null },
    })
    expect(await desk().decide(application.id)).toMatchObject({ state: 'approved' })
    const { citizen, offer } = await desk().offer(application.id)
    expect(citizen).toBe(family.person('child'))
    const { ground, close } = await openIssuerGround({
      dir: family.test.dir,
      clock: () => family.now,
    })
    const row = await ground.database.kysely
      .selectFrom('vci_offers')
      .select(['citizen', 'guardian'])
      .where('id', '=', offer)
      .executeTakeFirst()
    await close()
    expect(row).toEqual({ citizen, guardian: family.person('parent') })
  })

  it('lets somebody of 14 to 17 have certificates of their own', async () => {
    const own = await copyOf('parent', { copies: 'one-time' })
    const application = await submitted('teen')
    await bring(application, await presented(own, application))
    expect(await desk().decide(application.id)).toMatchObject({ state: 'approved' })
    expect((await desk().offer(application.id)).citizen).toBe(family.person('teen'))
  })

  it('is refused in every wrong combination, and each can be tried again', async () => {
    const own = await copyOf('parent')
    const stranger = await copyOf('stranger')
    const held = { guardian: family.person('parent') }
    const ward = await copyOf('child', { ...held, type: WARD_CERTIFICATE })
    const guardianship = await copyOf('teen', {
      ...{ ...held, type: GUARDIANSHIP, copies: 'one-time' },
    })
    const application = await submitted('teen')
    const other = await submitted('child')
    const theirs = await presented(own, other)
    const wrong: readonly (readonly [string, string, string])[] = [
      ['a stranger', await presented(stranger, application), 'guardian_not_linked'],
      ['the minor', await presented(await copyOf('teen'), application), 'guardian_not_linked'],
      ['a copy about a ward', await presented(ward, application), 'presentation_refused'],
      [
        'a guardianship certificate',
        await presented(guardianship, application, { paths: [] }),
        'presentation_refused',
      ],
      ['for another application', theirs, 'presentation_refused'],
      [
        'another application’s consent',
        await presented(own, application, { claims: consentTo(other.id) }),
        'guardian_certificate',
      ],
      [
        'consent to other purposes',
        await presented(own, application, {
          claims: guardianConsentClaims({
            application: application.id,
            purposes: 'A'.repeat(43),
          }),
        }),
        'guardian_certificate',
      ],
      [
        'made for something else',
        await presented(own, application, {
          claims: recoveryClaims({ kind: 'confirmation', subject: application.id }),
        }),
        'presentation_refused',
      ],
      [
        'for another issuer',
        await presented(own, application, { audience: 'https://other.example' }),
        'presentation_refused',
      ],
      [
        'without the number',
        await presented(own, application, { paths: [] }),
        'presentation_refused',
      ],
      [
        'by another key',
        await presented(own, application, { signer: stranger.signer }),
        'presentation_refused',
      ],
    ]
    for (const [what, presentation, code] of wrong) {
      const refusal = bring(application, presentation)
      await expect(refusal, what).rejects.toMatchObject({ code })
    }
    await family.issuer.certificates.setStatus({
      ...{ target: { batch: own.batch }, status: 'revoked', reason: 'citizen_asked' },
    })
    const revoked = bring(application, await presented(own, application))
    await expect(revoked).rejects.toMatchObject({ code: 'presentation_not_valid' })
    const fresh = await copyOf('parent')
    expect(await bring(application, await presented(fresh, application))).toMatchObject({
      passed: true,
    })
  })

  it('is not asked for before the register was, nor needed by people of full age', async () => {
    const own = await copyOf('parent')
    const consent = { purposes: purposesDigest(), language: 'zh-CN' }
    const application = await desk().submit({
      ...{ ...STATED.teen, consent, guardian: { applies: true } },
    })
    const early = bring(application, await presented(own, application))
    await expect(early).rejects.toMatchObject({ code: 'evidence_registry_first' })
    await desk().addEvidence(application.id, 'registry', null)
    family.now = new Date('2028-01-01T00:00:00Z')
    const late = await presented(await copyOf('parent'), application)
    await expect(bring(application, late)).rejects.toMatchObject({ code: 'custody_not_minor' })
  })
})

const consentTo = (application: string) =>
  guardianConsentClaims({ application, purposes: purposesDigest() })
