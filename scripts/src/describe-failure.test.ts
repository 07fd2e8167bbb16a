import { CredentialError } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { describeFailure } from './describe-failure.js'
import { wrongUse } from './failure.js'
import { failureText } from './show-failure.js'

describe('describeFailure', () => {
  it('parts what failed from the cure, whichever way a role wrote them', () => {
    const error = new CredentialError('kb_aud', 'Made for somebody else. Present it here again.')
    expect(describeFailure(error)).toEqual({
      code: 'kb_aud',
      message: 'Made for somebody else.',
      cure: 'Present it here again.',
      exit: 1,
    })
    const short = new CredentialError('kb_nonce', 'this answers another request; present again.')
    expect(describeFailure(short)).toMatchObject({
      message: 'this answers another request.',
      cure: 'Present again.',
    })
  })

  it('tells a wrong use, a refusal and a fault apart', () => {
    const coded = (code: string) => Object.assign(new Error('x'), { code })
    expect(describeFailure(wrongUse('x', 'y')).exit).toBe(2)
    expect(describeFailure(coded('citizen_unknown')).exit).toBe(2)
    expect(describeFailure(coded('age_not_allowed')).exit).toBe(1)
    expect(describeFailure(coded('database_locked')).exit).toBe(3)
    expect(describeFailure(coded('ENOSPC'))).toMatchObject({ code: 'disk_full', exit: 3 })
  })

  it('calls what it does not know a defect', () => {
    expect(describeFailure(new TypeError('oh'))).toMatchObject({ code: 'internal', exit: 3 })
    expect(describeFailure('oh')).toMatchObject({ code: 'internal', exit: 3 })
  })

  it('never lets control characters of a message through', () => {
    const error = new CredentialError('bad_json', 'a\u001b[2Jb. Cure\u202e it.')
    const text = failureText(describeFailure(error), false)
    expect(text).toContain('\\u{1b}[2J')
    expect(text).toContain('\\u{202e}')
    // oxlint-disable-next-line no-control-regex -- looks for them
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/)
  })
})

describe('failureText', () => {
  it('shows what failed, cause, cure and code under one another', () => {
    const report = {
      code: 'file_unwritable',
      message: 'It cannot be written.',
      cause: 'no access (EACCES)',
      cure: 'Check the folder.',
      exit: 2,
    } as const
    expect(failureText(report, false)).toBe(
      [
        'netcert: It cannot be written.',
        '  cause  no access (EACCES)',
        '  cure   Check the folder.',
        '  code   file_unwritable',
        '',
      ].join('\n'),
    )
  })
})
