import { describe, expect, it } from 'vitest'
import { encryptionMetadata } from '../../../test/vci-issuer-ground.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'

const refusal = (code: string) => expect.objectContaining({ code })
const vci = vciGround()
const requests = () => vci.issuer.asked.filter(({ path }) => path === '/tenant/credential')

describe('encryption with an issuer', () => {
  it.each([true, false])(
    'is used both ways where it is offered (required: %s)',
    async (required) => {
      const { behaviour } = vci.issuer
      behaviour.metadata = (it) => ({ ...it, ...encryptionMetadata(vci.issuer, required) })
      const wallet = await vci.open()
      expect((await vci.receive(wallet, { batch: 2 })).certificates).toMatchObject([{ copies: 2 }])
      expect(requests().every(({ headers }) => headers['content-type'] === 'application/jwt')).toBe(
        true,
      )
      behaviour.deferrals = 1
      await vci.receive(wallet, { batch: 2 })
      vci.ground.now = new Date(vci.ground.now.getTime() + 5_000)
      expect(await wallet.pollDeferred()).toMatchObject([{ kind: 'received' }])
      const [deferred] = vci.issuer.asked.filter(({ path }) => path === '/tenant/deferred')
      expect(deferred?.headers['content-type']).toBe('application/jwt')
    },
  )

  it('of requests alone is used where answers are not encrypted', async () => {
    vci.issuer.behaviour.metadata = (it) => {
      const { credential_response_encryption: _none, ...rest } = encryptionMetadata(vci.issuer)
      return { ...it, ...rest }
    }
    const wallet = await vci.open()
    expect((await vci.receive(wallet, { batch: 1 })).failed).toEqual([])
    expect(requests()[0]?.headers['content-type']).toBe('application/jwt')
  })

  it.each([
    ['plain', 'issuer_answer'],
    ['other key', 'encrypted_message_malformed'],
  ] as const)('asked for is not given up: an answer with %s is refused', async (answers, code) => {
    vci.issuer.behaviour.metadata = (it) => ({ ...it, ...encryptionMetadata(vci.issuer) })
    vci.issuer.behaviour.encryptedAnswers = answers
    const wallet = await vci.open()
    await expect(vci.receive(wallet)).rejects.toThrow(refusal(code))
    expect(await wallet.list()).toEqual([])
  })

  it('that the wallet does not know is refused where required, and left out where not', async () => {
    const wallet = await vci.open()
    const unknown = (required: boolean) => ({
      credential_request_encryption: {
        jwks: { keys: [{ kty: 'AKP', kid: 'x' }] },
        enc_values_supported: ['XC20P'],
        encryption_required: required,
      },
    })
    vci.issuer.behaviour.metadata = (it) => ({ ...it, ...unknown(true) })
    await expect(vci.receive(wallet)).rejects.toThrow(refusal('issuer_answer'))
    expect(requests()).toEqual([])
    vci.issuer.behaviour.metadata = (it) => ({ ...it, ...unknown(false) })
    expect((await vci.receive(wallet, { batch: 1 })).failed).toEqual([])
    expect(requests()[0]?.headers['content-type']).toBe('application/json')
  })
})
