import { beforeAll, describe, expect, it } from 'vitest'
import { readingOf } from '../../../test/accreditation-verdict.js'
import { mint, NONCE, present } from '../../../test/trust-ground.js'
import {
  cancellationAddress,
  cancellationClaims,
  createCancellationReply,
  encodeCancellationForm,
  issuerAddress,
  nonceAddress,
  parseCancellationReply,
  readCancellation,
} from './cancellation.js'

let presentation = ''
let other = ''
beforeAll(async () => {
  const certificate = await mint()
  const paths = [['network_number']]
  presentation = await present(certificate, { paths, keyBindingClaims: cancellationClaims() })
  other = await present(certificate, { paths })
})

describe('a cancellation', () => {
  it('goes to the issuer by the place of its status lists on the trust list', () => {
    const prefix = 'https://issuer.example/kiosk/status/'
    expect(issuerAddress(prefix)).toBe('https://issuer.example/kiosk')
    expect(cancellationAddress(prefix)).toBe('https://issuer.example/kiosk/cancel')
    expect(nonceAddress(prefix)).toBe('https://issuer.example/kiosk/nonce')
  })

  it('is a form with one presentation that was made for nothing else', () => {
    const form = Object.fromEntries(new URLSearchParams(encodeCancellationForm(presentation)))
    expect(readCancellation(form)).toEqual({ presentation, nonce: NONCE })
    const wrong = [
      {},
      { presentation: [presentation, presentation] },
      { presentation: other },
      { presentation: presentation.slice(0, presentation.lastIndexOf('~') + 1) },
      { presentation: 'nothing' },
      Object.create({ presentation }) as object,
    ]
    for (const members of wrong) {
      expect(readingOf(() => readCancellation({ ...members }))).toBe('cancellation_malformed')
    }
  })

  it('is answered with a receipt', () => {
    const text = JSON.stringify(createCancellationReply('a.b.c'))
    expect(parseCancellationReply(text)).toBe('a.b.c')
    expect(readingOf(() => parseCancellationReply('{}'))).toBe('erasure_receipt_invalid')
    expect(readingOf(() => parseCancellationReply('{"netcert_erasure":7}'))).toBe(
      'erasure_receipt_invalid',
    )
    expect(readingOf(() => parseCancellationReply('no'))).toBe('message_malformed')
  })
})
