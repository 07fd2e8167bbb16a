import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createIntegrity, verifyIntegrity } from './integrity.js'

const text = '{"vct":"urn:example:类型"}\n'
const digest = (alg: string, of = text) => createHash(alg).update(of).digest('base64')
const refusal = (code: string) => expect.objectContaining({ code })

describe('integrity metadata', () => {
  it.each([
    ['sha256', `sha256-${digest('sha256')}`],
    ['sha384', `sha384-${digest('sha384')}`],
    ['sha512', `sha512-${digest('sha512')}`],
    ['any value of the strongest', `sha512-${digest('sha512', 'x')} sha512-${digest('sha512')}`],
    ['unknown algorithms beside a known one', `md5-abc sha256-${digest('sha256')}`],
    ['options', `sha256-${digest('sha256')}?ct=application/json`],
    ['our own', createIntegrity(text)],
  ])('is accepted with %s', (_, metadata) => {
    expect(() => verifyIntegrity(text, metadata)).not.toThrow()
  })

  it.each([
    ['one byte more in the document', `sha256-${digest('sha256', `${text} `)}`],
    ['a right weaker and a wrong stronger hash', `sha256-${digest('sha256')} sha384-AAAA`],
    ['a hex digest', `sha256-${createHash('sha256').update(text).digest('hex')}`],
    ['base64url', `sha256-${digest('sha256').replaceAll('/', '_').replace('=', '')}`],
  ])('is a mismatch with %s', (_, metadata) => {
    expect(() => verifyIntegrity(text, metadata)).toThrow(refusal('integrity_mismatch'))
  })

  it.each([5, null, '', ' ', 'sha256', 'sha256-', '-abc', 'x'.repeat(5_000)])(
    'is malformed as %j',
    (metadata) => {
      expect(() => verifyIntegrity(text, metadata)).toThrow(refusal('integrity_malformed'))
    },
  )

  it.each(['md5-abc', 'SHA256-abc', 'sha1-abc sha224-abc'])('is unsupported as %s', (metadata) => {
    expect(() => verifyIntegrity(text, metadata)).toThrow(refusal('integrity_unsupported'))
  })
})
