import { GATE_PASS, NETWORK_CERTIFICATE } from '@netcert/credential'
import { describe, expect, it } from 'vitest'
import { gateGround } from '../gate-ground.js'

const ground = gateGround()

describe('a visitor of a venue', () => {
  it('has eight passes of one use each', async () => {
    const { wallet } = await ground.visitor()
    expect(await wallet.remaining()).toEqual([{ vct: GATE_PASS, kind: 'one-time', copies: 8 }])
  })

  it('has the copy of the venue since the ticket was bought', async () => {
    const { wallet } = await ground.visitor({ ticketOf: ground.venue })
    const [disclosure] = await wallet.ledger()
    expect(disclosure?.audience).toBe(ground.venue.clientId)
    const kinds = (await wallet.list()).map(({ vct, kind }) => ({ vct, kind }))
    expect(kinds).toContainEqual({ vct: NETWORK_CERTIFICATE, kind: 'platform' })
  })
})
