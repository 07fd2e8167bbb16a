import { describe, expect, it } from 'vitest'
import { mayLeaveFor } from './leave-for.js'

const trial = { ownOrigin: 'http://localhost:8660', allowHttpLoopback: true }
const served = { ownOrigin: 'https://wallet.example', allowHttpLoopback: false }

describe('the way back to a platform', () => {
  it('leads to its page by https, and on this machine in a trial', () => {
    expect(mayLeaveFor('https://shop.example/done#response_code=1', served)).toBe(true)
    expect(mayLeaveFor('http://127.0.0.1:8700/done', trial)).toBe(true)
  })

  it.each([
    'https://wallet.example/#/present?request=x',
    'http://shop.example/done',
    'http://127.0.0.1:8700/done',
    'javascript:alert(1)',
    'data:text/html,hello',
    'tel:110',
    './#/safety?part=erase',
    'http://[',
  ])('does not lead to %s', (address) => {
    expect(mayLeaveFor(address, served)).toBe(false)
  })

  it('does not lead into the wallet itself in a trial either', () => {
    expect(mayLeaveFor('http://localhost:8660/#/safety?part=erase', trial)).toBe(false)
  })
})
