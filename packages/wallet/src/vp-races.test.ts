import { parseAnswer } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import { vpGround } from '../../../test/vp-ground.js'
import { linkOf, requestOf } from '../../../test/vp-verifier-ground.js'

const vp = vpGround({ copies: 2 })

describe('answers at the same time', () => {
  it('share no copy, and those that find none left say no', async () => {
    const link = await linkOf(vp.asker, requestOf(vp.server))
    const codes = await Promise.all(Array.from({ length: 6 }, () => vp.answer(link)))
    expect(codes.filter((code) => code === 'answered')).toHaveLength(2)
    expect(codes.filter((code) => code === 'copies_used_up')).toHaveLength(4)
    const told = vp.server.answers.map((form) => parseAnswer(form))
    const presented = told.flatMap((answer) =>
      answer.kind === 'presentations' ? (answer.vpToken['certificate'] ?? []) : [],
    )
    expect(new Set(presented.map((one) => one.split('~')[0])).size).toBe(2)
    expect(told.filter((answer) => answer.kind === 'error')).toHaveLength(4)
    expect(await vp.wallet.ledger()).toHaveLength(2)
  })

  it('use a copy up even when the answer does not arrive, and only then', async () => {
    vp.server.on('/response', () => ({ status: 500 }))
    const link = await linkOf(vp.asker, requestOf(vp.server))
    expect(await vp.answer(link)).toBe('answer_refused')
    expect((await vp.wallet.list())[0]?.remaining).toBe(1)
    expect(await vp.answer(link, 'refuse')).toBe('consent_refused')
    expect((await vp.wallet.list())[0]?.remaining).toBe(1)
  })
})
