import { parseQuery, type RequestObject } from '@netcert/protocol'
import { CompactEncrypt, type CompactJWEHeaderParameters, importJWK } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { openedForAll } from '../../../test/opened-for-all.js'
import { testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18 } from '../../../test/vp-platform-ground.js'
import {
  encryptAnswer,
  encryptionKeyOf,
  membersOf,
  postForm,
  presentFor,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'

const ground = openedForAll(() => createVpGround())
let session: string
let request: RequestObject
/** A good answer, in clear, to the request of the moment. */
let members: Record<string, unknown>

const ask = async () => {
  const asked = await ground.engine.createRequest({
    ...{ query: over18, clientId: 'did', mode: 'direct_post.jwt' },
  })
  return { ...asked, ...(await readVpRequest(asked.requestUri)) }
}

beforeEach(async () => {
  const asked = await ask()
  ;({ session, request } = asked)
  const presentation = await presentFor(asked, ground.held, { issuedAt: testNow })
  members = membersOf(request, { certificate: [presentation] })
})

const send = (form: Record<string, unknown>) => postForm(request.response_uri ?? '', form)

/** Encrypts as no wallet of ours would. */
async function encryptWith(
  header: Record<string, unknown>,
  options: { readonly plaintext?: string; readonly secret?: Uint8Array } = {},
): Promise<string> {
  const jwk = encryptionKeyOf(request)
  const protectedHeader = { alg: 'ECDH-ES', enc: 'A128GCM', kid: jwk.kid, ...header }
  const { plaintext = JSON.stringify(members), secret } = options
  const { kty, crv, x, y } = jwk
  const key = secret ?? (await importJWK({ kty, crv, x, y }, String(protectedHeader.alg)))
  return new CompactEncrypt(new TextEncoder().encode(plaintext))
    .setProtectedHeader(
      Object.fromEntries(
        Object.entries(protectedHeader).filter(([, value]) => value !== undefined),
      ) as CompactJWEHeaderParameters,
    )
    .encrypt(key)
}

const expectRefused = async (form: Record<string, unknown>, code: string, status = 400) => {
  const heard = await send(form)
  expect(heard).toMatchObject({ status, body: { error: 'invalid_request', code } })
  // It was no answer to this request, so the request is still open.
  expect(await ground.engine.progress(session)).toBe('waiting')
}

describe('an encrypted answer', () => {
  it.each(['A128GCM', 'A256GCM'])('is taken with %s, which was listed', async (enc) => {
    expect(request.client_metadata?.encrypted_response_enc_values_supported).toContain(enc)
    expect(await send({ response: await encryptAnswer(request, members, { enc }) })).toEqual({
      status: 200,
      body: {},
    })
    expect((await ground.engine.result(session, null)).verified).toBe(true)
  })

  it('goes to a key of one request alone, with kid, alg and use', async () => {
    const other = await ask()
    const keys = [encryptionKeyOf(request), encryptionKeyOf(other.request)]
    expect(keys[0]).toMatchObject({ alg: 'ECDH-ES', use: 'enc', crv: 'P-256' })
    expect(keys[0]?.kid).not.toBe(keys[1]?.kid)
    expect(keys[0]?.x).not.toBe(keys[1]?.x)
    expect(keys[0]).not.toHaveProperty('d')
  })

  it('is refused in clear, when encryption was asked for', () =>
    expectRefused(members, 'response_mode_wrong'))

  it('is refused to the key of another request', async () => {
    const other = await ask()
    const recipient = encryptionKeyOf(other.request)
    await expectRefused(
      { response: await encryptAnswer(request, members, { recipient }) },
      'encryption_parameters',
    )
    const renamed = { ...recipient, kid: encryptionKeyOf(request).kid }
    await expectRefused(
      { response: await encryptAnswer(request, members, { recipient: renamed }) },
      'encrypted_message_malformed',
    )
  })

  it.each([
    ['another kid', { kid: 'another' }],
    ['no kid', { kid: undefined }],
    ['alg ECDH-ES+A128KW', { alg: 'ECDH-ES+A128KW' }],
    ['alg ECDH-ES+A256KW', { alg: 'ECDH-ES+A256KW' }],
    ['enc A128CBC-HS256', { enc: 'A128CBC-HS256' }],
    ['enc A192GCM', { enc: 'A192GCM' }],
  ])('is refused with %s', async (_what, header) =>
    expectRefused({ response: await encryptWith(header) }, 'encryption_parameters'),
  )

  it('is refused with alg dir, whatever secret it was made with', async () => {
    const secret = new Uint8Array(16)
    const response = await encryptWith({ alg: 'dir' }, { secret })
    await expectRefused({ response }, 'encryption_parameters')
  })

  it('is refused compressed, which was not announced', async () => {
    const response = await encryptAnswer(request, members, { zip: 'DEF' })
    await expectRefused({ response }, 'encryption_parameters')
  })

  it('is refused with one character changed, anywhere', async () => {
    const response = await encryptAnswer(request, members)
    const parts = response.split('.')
    for (const at of [2, 3, 4]) {
      const changed = parts.with(at, flip(parts[at] ?? '')).join('.')
      await expectRefused({ response: changed }, 'encrypted_message_malformed')
    }
    await expectRefused({ response: `${response}.x` }, 'encrypted_message_malformed')
    await expectRefused({ response: 'no-jwe' }, 'encrypted_message_malformed')
  })

  it('is refused beside an answer in clear', async () => {
    const response = await encryptAnswer(request, members)
    await expectRefused({ response, vp_token: members['vp_token'] }, 'response_mode_wrong')
    await expectRefused({ response, error: 'access_denied' }, 'response_mode_wrong')
  })

  it('is refused with the state of another request inside, or none', async () => {
    for (const state of ['another', undefined]) {
      const { state: _, ...rest } = members
      const changed = state === undefined ? rest : { ...rest, state }
      await expectRefused({ response: await encryptAnswer(request, changed) }, 'state_mismatch')
    }
  })

  it('is refused when what is inside is no JSON object, or says a member twice', async () => {
    for (const plaintext of ['[]', 'x', '', '{"vp_token":{},"vp_token":{}}']) {
      await expectRefused({ response: await encryptWith({}, { plaintext }) }, 'message_malformed')
    }
  })

  it.each([
    [200, 200],
    [201, 400],
  ])('may hold %i members', async (count, status) => {
    // vp_token and its one member, state, and what is unknown and ignored.
    const extra = Array.from({ length: count - 3 }, (_, at) => [`unknown_${at}`, at])
    const response = await encryptAnswer(request, { ...members, ...Object.fromEntries(extra) })
    expect((await send({ response })).status).toBe(status)
  })

  it('may be a refusal of the wallet in clear or encrypted', async () => {
    const clear = await send({ error: 'access_denied', state: request.state })
    expect(clear).toEqual({ status: 200, body: {} })
    const declined = expect.objectContaining({ code: 'wallet_declined' })
    await expect(ground.engine.result(session, null)).rejects.toEqual(declined)
    const other = await ask()
    const response = await encryptAnswer(other.request, {
      ...{ error: 'access_denied', state: other.request.state },
    })
    await postForm(other.request.response_uri ?? '', { response })
    await expect(ground.engine.result(other.session, null)).rejects.toEqual(declined)
  })

  it('is refused where clear text was asked for', async () => {
    const asked = await ground.engine.createRequest({
      ...{ query: parseQuery(over18), clientId: 'did', mode: 'direct_post' },
    })
    const { request: clear } = await readVpRequest(asked.requestUri)
    const response = await encryptAnswer(request, members)
    const heard = await postForm(clear.response_uri ?? '', { response })
    expect(heard).toMatchObject({ status: 400, body: { code: 'response_mode_wrong' } })
  })
})

function flip(text: string): string {
  const first = text.startsWith('A') ? 'B' : 'A'
  return first + text.slice(1)
}
