import { describe, expect, it } from 'vitest'
import { EVIDENCE_SECONDS, type JudgedApplication, judgeApplication } from './assurance.js'
import type { EvidenceKind } from './evidence.js'

const NOW = 1_800_000_000
const ADULT = '1990-05-17'
const MINOR = '2012-05-17'

/** `presence:counter_face` is evidence of that kind with that outcome. */
function judged(evidence: readonly string[], changes: Partial<JudgedApplication> = {}) {
  return judgeApplication({
    asked: 'document',
    byGuardian: false,
    evidence: evidence.map((name) => {
      const [kind = '', outcome = 'passed'] = name.split(':')
      return { kind: kind as EvidenceKind, passed: true, outcome, at: NOW }
    }),
    birthdate: ADULT,
    isEnrolled: false,
    today: '2026-11-21',
    at: NOW,
    ...changes,
  })
}

describe('the level document', () => {
  it.each(['chip', 'phone', 'presence:counter', 'presence:provider', 'presence:provider_face'])(
    'follows from the registry and %s',
    (one) => {
      expect(judged(['registry', one])).toEqual({ approved: 'document' })
      expect(judged([one])).toEqual({ refused: 'registry_missing', open: true })
    },
  )
  it.each([[[]], [['registry']], [['registry', 'contact']]])(
    'does not follow from %j',
    (evidence) => {
      expect(judged(evidence)).toMatchObject({ open: true })
    },
  )
})

describe('the level document+face', () => {
  const face = { asked: 'document+face' } as const
  it.each([
    [['presence:counter_face']],
    [['presence:provider_face', 'chip']],
    [['presence:provider_face', 'phone']],
  ])('follows from the registry and %j', (evidence) => {
    expect(judged(['registry', ...evidence], face)).toEqual({ approved: 'document+face' })
  })
  it.each([
    [['chip', 'phone']],
    [['presence:counter', 'chip']],
    [['presence:provider', 'chip']],
    [['presence:provider_face']],
  ])('does not follow from the registry and %j', (evidence) => {
    expect(judged(['registry', ...evidence], face)).toEqual({ refused: 'face_missing', open: true })
  })
})

describe('somebody who is enrolled', () => {
  it.each([
    [['chip'], 're_enrolment_evidence_missing'],
    [['contact'], 'evidence_missing'],
  ] as const)('needs more than %j', (evidence, refused) => {
    expect(judged(['registry', ...evidence], { isEnrolled: true })).toMatchObject({ refused })
  })
  it.each([[['phone']], [['presence:counter']], [['chip', 'contact']]])(
    'can bring %j',
    (evidence) => {
      expect(judged(['registry', ...evidence], { isEnrolled: true })).toEqual({
        approved: 'document',
      })
    },
  )
})

describe('a minor', () => {
  const minor = { birthdate: MINOR, byGuardian: true }
  it('is approved with a guardian, and by nothing without', () => {
    expect(judged(['registry', 'guardian'], minor)).toEqual({ approved: 'document' })
    expect(judged(['registry', 'chip', 'phone', 'presence:counter_face'], minor)).toMatchObject({
      refused: 'guardian_missing',
    })
  })
  it.each([
    ['2008-11-22', 'guardian_missing'],
    ['2008-11-21', 'guardian_for_adult'],
    ['2008-02-29', 'guardian_for_adult'],
  ])('born %s is one until the 18th birthday', (birthdate, refused) => {
    const evidence = ['registry', 'presence:counter_face']
    expect(judged(evidence, { birthdate, byGuardian: true })).toMatchObject({ refused })
  })
})

describe('evidence', () => {
  const registry = { kind: 'registry', passed: true, outcome: 'exact', at: NOW } as const
  it('that failed refuses, whatever else there is', () => {
    const chip = { kind: 'chip', passed: false, outcome: 'chip_other_person', at: NOW } as const
    const phone = { kind: 'phone', passed: true, outcome: 'code', at: NOW } as const
    expect(judged([], { evidence: [registry, phone, chip] })).toEqual({
      refused: 'chip_other_person',
      open: false,
    })
  })
  it('that is too old does not count', () => {
    const old = {
      kind: 'phone',
      passed: true,
      outcome: 'code',
      at: NOW - EVIDENCE_SECONDS,
    } as const
    const evidence = [registry, old]
    expect(judged([], { evidence })).toEqual({ refused: 'evidence_stale', open: false })
    const fresh = [registry, { ...old, at: NOW - EVIDENCE_SECONDS + 1 }]
    expect(judged([], { evidence: fresh })).toEqual({ approved: 'document' })
  })
})
