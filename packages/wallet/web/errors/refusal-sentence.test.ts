import { CredentialError } from '@netcert/credential'
import { ProtocolError } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { refusalSentence } from './refusal-sentence.js'

const CLOCK = '日期和时间'
const early = new CredentialError('time_not_yet_valid', 'early')
const late = new CredentialError('time_expired', 'late')
const refused = (code: ProtocolError['code'], cause: unknown) =>
  refusalSentence(new ProtocolError(code, 'refused', { cause })).text

describe('the sentence of a refusal', () => {
  it('names the clock where something comes from tomorrow, whatever it is', () => {
    expect(refusalSentence(early).text).toContain(CLOCK)
    expect(refused('request_expired', early)).toContain(CLOCK)
    expect(refused('accreditation_expired', early)).toContain(CLOCK)
    expect(refused('issuer_metadata_untrusted', early)).toContain(CLOCK)
  })

  it('names the clock where what was made a moment ago has ended', () => {
    expect(refused('issuer_metadata_untrusted', late)).toContain(CLOCK)
    const proof = Object.assign(new Error('refused'), { error: 'invalid_dpop_proof' })
    expect(refusalSentence(Object.assign(proof, { code: 'issuer_refused' })).text).toContain(CLOCK)
  })

  it('says of a request that has ended both that it is old and that a clock may be fast', () => {
    expect(refused('request_expired', late)).toMatch(/重新开始.*日期和时间/)
  })

  it('says of every trust list that does not hold what helps, not its bare code', () => {
    const codes = [
      'trust_list_expired',
      'trust_list_older',
      'trust_list_untrusted',
      'trust_list_malformed',
    ] as const
    for (const code of codes) {
      const { text } = refusalSentence(new CredentialError(code, 'refused'))
      expect(text).toContain('信任名单')
      expect(text).not.toContain(code)
    }
  })

  it('blames no clock for anything else', () => {
    expect(refused('issuer_metadata_untrusted', undefined)).not.toContain(CLOCK)
    expect(refused('accreditation_expired', late)).not.toContain(CLOCK)
  })
})
