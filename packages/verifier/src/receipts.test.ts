import { dereferenceDidKey, generateSigner } from '@netcert/credential'
import {
  accreditationOf,
  parseAccreditation,
  parseQuery,
  verifyDisclosureReceipt,
} from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  accreditedToSignIn,
  createPerson,
  type NumberedCopy,
  numberedCopy,
  presentNumbered,
} from '../../../test/accreditation-ground.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18 } from '../../../test/vp-platform-ground.js'
import {
  answerRequest,
  encryptAnswer,
  membersOf,
  postForm,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'

const signIn = parseQuery(queries['sign-in'])
const refusal = (code: string) => expect.objectContaining({ code })

const ground = openedForAll(() => createVpGround({ accredit: accreditedToSignIn }))
let copy: NumberedCopy
beforeAll(async () => {
  copy = await numberedCopy(ground.domain, createPerson())
})

/** Signs in; gives what the wallet heard, what it sent, and the accreditation of the request. */
async function answer(mode: 'direct_post' | 'direct_post.jwt', nonce?: string) {
  const { requestUri, session } = await ground.engine.createRequest({
    ...{ query: signIn, clientId: 'did', mode },
  })
  const read = await readVpRequest(requestUri)
  const presentation = await presentNumbered(copy, {
    ...{ audience: read.clientId, nonce: nonce ?? read.request.nonce },
  })
  const members = membersOf(read.request, { certificate: [presentation] })
  const form =
    mode === 'direct_post' ? members : { response: await encryptAnswer(read.request, members) }
  const heard = await postForm(read.request.response_uri ?? '', form)
  const [token = ''] = accreditationOf(read.request.verifier_info)
  const { accreditation } = parseAccreditation(token)
  return { heard, session, presentation, accreditation }
}

describe('a receipt', () => {
  it.each(['direct_post', 'direct_post.jwt'] as const)(
    'comes with the reply to an answer by %s, signed by the accredited key',
    async (mode) => {
      const { heard, presentation, accreditation } = await answer(mode)
      const token = String(heard.body['netcert_receipt'])
      const checks = { accreditation, presentations: [presentation], now: testNow }
      const receipt = await verifyDisclosureReceipt(token, checks)
      expect(receipt).toMatchObject({
        platformId: 'https://shop.example',
        purposeId: 'sign-in',
        retentionEndsAt: later(86_400),
        presentations: [{ claims: expect.arrayContaining([['platform_number']]) }],
      })
    },
  )

  it('holds for no other presentation, and under no other key', async () => {
    const { heard, presentation, accreditation } = await answer('direct_post')
    const token = String(heard.body['netcert_receipt'])
    const other = (await answer('direct_post')).presentation
    const now = testNow
    await expect(
      verifyDisclosureReceipt(token, { accreditation, presentations: [other], now }),
    ).rejects.toEqual(refusal('receipt_invalid'))
    const stranger = dereferenceDidKey((await generateSigner('ES256')).signer.keyId)
    const forged = { ...accreditation, requestJwk: stranger }
    await expect(
      verifyDisclosureReceipt(token, { accreditation: forged, presentations: [presentation], now }),
    ).rejects.toEqual(refusal('receipt_invalid'))
  })

  it('is not given for an answer that was refused', async () => {
    const { heard } = await answer('direct_post', 'another-nonce')
    expect(heard.status).toBe(422)
    expect(heard.body).not.toHaveProperty('netcert_receipt')
  })

  it('is not given where nobody is accredited', async () => {
    const plain = await createVpGround()
    const asked = { query: over18, clientId: 'did', mode: 'direct_post' } as const
    const { requestUri } = await plain.engine.createRequest(asked)
    const heard = await answerRequest(requestUri, plain.held, { issuedAt: testNow })
    plain.close()
    expect(heard).toEqual({ status: 200, body: {} })
  })

  it('tells the platform until when it may keep what it received', async () => {
    const { session } = await answer('direct_post')
    const result = await ground.engine.result(session, null)
    expect(result.retention).toEqual({ endsAt: later(86_400), mayStoreClaims: false })
    expect(result.retention?.endsAt).toBeInstanceOf(Date)
  })
})
