import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parseRecoveryLink, type RecoveryRequest, recoveryClaims } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { readRevocationCode } from '../../packages/issuer/src/ending/revocation-code-text.js'
import { root } from '../architecture/source-file.js'

/** The vectors of docs/formats/revocation-code.md and docs/formats/recovery.md. */
const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(root, 'docs/formats/vectors', name), 'utf8'))

const codes = read('revocation-code.json') as {
  readonly codes: readonly { code: string; locator: string; printed: string }[]
  readonly read: readonly { typed: string; code: string }[]
  readonly refused: readonly string[]
}
const recovery = read('recovery.json') as {
  readonly requests: readonly {
    request: RecoveryRequest
    link: string
    claims: { netcert_purpose: string; transaction_data_hashes: readonly string[] }
  }[]
}

describe('revocation codes', () => {
  it.each(codes.codes)(
    '$code is found by its first eight symbols',
    ({ code, locator, printed }) => {
      expect(readRevocationCode(printed)).toEqual({ code, locator })
    },
  )

  it.each(codes.read)('$typed is read as $code', ({ typed, code }) => {
    expect(readRevocationCode(typed)?.code).toBe(code)
  })

  it.each(codes.refused)('%s is none', (typed) => {
    expect(readRevocationCode(typed)).toBeUndefined()
  })

  it('have check digits as an IBAN has', () => {
    for (const { code } of codes.codes) {
      const digits = code.replace(/./g, (symbol) => String(Number.parseInt(symbol, 36)))
      expect(BigInt(digits) % 97n).toBe(1n)
    }
  })
})

describe('requests to recovery contacts', () => {
  it.each(recovery.requests)('are read from $link', ({ request, link }) => {
    expect(parseRecoveryLink(link)).toEqual(request)
  })

  it.each(recovery.requests)('are said yes to by $claims', ({ request, claims }) => {
    expect(recoveryClaims(request)).toEqual(claims)
    const type = `urn:netcert:${claims.netcert_purpose}:1`
    const entry = { type, credential_ids: ['certificate'], subject: request.subject }
    const encoded = Buffer.from(JSON.stringify(entry)).toString('base64url')
    const hash = createHash('sha256').update(encoded).digest('base64url')
    expect(claims.transaction_data_hashes).toEqual([hash])
  })
})
