import type { VouchingQuestion } from '@netcert/wallet/rules'
import { describe, expect, it } from 'vitest'
import { takeUpLink, type VouchingWallet } from './vouch-talk.js'

const question: VouchingQuestion = {
  kind: 'guardian',
  issuer: 'https://issuer.example',
  subject: 'f_0123456789',
}
const refused = Object.assign(new Error('no'), { code: 'consent_refused' })
const settled = () => new Promise((later) => setTimeout(later, 0))
const wallet: VouchingWallet = {
  vouching: {
    vouch: async ({ link, consent }) => {
      if (!(await consent(question))) throw refused
      return `signed ${link}`
    },
  },
}

describe('a word for somebody', () => {
  it('is signed after a yes, and not before', async () => {
    const { stage } = takeUpLink(wallet, 'netcert-guardian:x')
    await settled()
    const asked = stage.value
    expect(asked).toMatchObject({ name: 'asked', question })
    if (asked.name === 'asked') asked.answer(true)
    expect(stage.value).toEqual({ name: 'working', step: 'signing' })
    await settled()
    expect(stage.value).toEqual({
      ...{ name: 'done', kind: 'guardian', presentation: 'signed netcert-guardian:x' },
    })
  })

  it('is not given by a no, or by going away', async () => {
    const no = takeUpLink(wallet, 'netcert-guardian:x')
    await settled()
    if (no.stage.value.name === 'asked') no.stage.value.answer(false)
    const left = takeUpLink(wallet, 'netcert-guardian:x')
    left.leave()
    await settled()
    for (const { stage } of [no, left]) {
      expect(stage.value).toEqual({ name: 'failed', error: refused })
    }
  })
})
