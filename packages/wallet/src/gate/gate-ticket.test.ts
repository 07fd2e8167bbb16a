import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { createRequestObject } from '@netcert/protocol'
import { packChallenge, unpackAnswer } from '@netcert/protocol/gate'
import type { GatePreview } from '@netcert/wallet'
import { describe, expect, it } from 'vitest'
import { GATE_NONCE, refuseNetwork } from '../../../../test/gate-wallet-ground.js'
import { platformWalletGround, SIGN_IN, tokenFor } from '../../../../test/platform-wallet-ground.js'

const ground = platformWalletGround()
const { vci } = ground

/** The challenge of a gate that asks for the number that a ticket was bought with. */
async function ticketChallenge(): Promise<string> {
  const { clientId, signer, proof } = ground.asker
  const data = await tokenFor(vci, ground.asker)
  const certificate = {
    ...{ id: 'certificate', format: 'dc+sd-jwt', claims: SIGN_IN },
    meta: { vct_values: [NETWORK_CERTIFICATE] },
  }
  const requestObject = await createRequestObject({
    request: {
      ...{ response_type: 'vp_token', response_mode: 'netcert_qr', nonce: GATE_NONCE },
      client_id: clientId,
      dcql_query: { credentials: [certificate] },
      verifier_info: [{ format: 'registration_cert', data }],
    },
    ...{ signer, proof, issuedAt: vci.ground.now },
    expiresAt: new Date(vci.ground.now.getTime() + 90_000),
  })
  return packChallenge(requestObject)
}

async function show(challenge: string) {
  const previews: GatePreview[] = []
  const consent = (preview: GatePreview) => {
    previews.push(preview)
    return 'share' as const
  }
  const guard = refuseNetwork()
  try {
    const { text } = await ground.wallet.answerGate({ challenge, consent })
    const { clientId: audience } = ground.asker
    const unpacked = await unpackAnswer(text, {
      audience,
      nonces: [GATE_NONCE],
      decryptionKeys: [],
    })
    return { previews, presentation: unpacked.presentation }
  } finally {
    guard.restore()
    expect(guard.attempts()).toBe(0)
  }
}

describe('a ticket gate', () => {
  it('is shown the number by which the venue knows its ticket, as often as it asks', async () => {
    expect((await ground.answer()).code).toBe('answered')
    const number = ground.numberIn(ground.lastPresentation())
    vci.issuer.asked.splice(0)
    for (let visit = 0; visit < 2; visit += 1) {
      const { presentation, previews } = await show(await ticketChallenge())
      expect(ground.numberIn(presentation)).toBe(number)
      expect(previews).toMatchObject([{ state: 'ready', credentials: [{ kind: 'platform' }] }])
    }
    expect(vci.issuer.asked).toEqual([])
  })

  it('gets nothing of a wallet that has no copy for its venue, and no issuer is asked for one', async () => {
    await expect(show(await ticketChallenge())).rejects.toMatchObject({
      code: 'platform_copy_missing',
      message: expect.stringMatching(/open the ticket at the venue’s own page/),
    })
    expect(vci.issuer.asked).toEqual([])
    expect(await ground.wallet.ledger()).toEqual([])
  })
})
