import { freshnessPolicies } from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CertifiedIssuer, createCertifiedIssuer } from '../../../test/certified-issuer.js'
import { createHolder, testNow } from '../../../test/trust-domain.js'
import { createVpGround, over18, type VpGround } from '../../../test/vp-platform-ground.js'
import {
  type Held,
  membersOf,
  postForm,
  presentFor,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'
import { createVerifier, memorySessions } from './index.js'

const refusal = (code: string) => expect.objectContaining({ code })
const [adult] = over18.credentials
const asking = (...trusted_authorities: object[]) =>
  parseQuery({ credentials: [{ ...adult, trusted_authorities }] })
const aki = (...values: string[]) => ({ type: 'aki', values })
const unknown = 's9tIpPmhxdiuNkHMEWNpYim8S8Y'

let issuer: CertifiedIssuer
let ground: VpGround
let held: Held
beforeEach(async () => {
  issuer = await createCertifiedIssuer()
  ground = await createVpGround({ trust: issuer.trust })
  const holder = await createHolder()
  held = { holder, credential: await issuer.mint(holder.jwk) }
})
afterEach(() => ground.close())

/** What becomes of the answer of a wallet that does not look at the authorities. */
async function outcome(query: ReturnType<typeof asking>, on = ground, shown = held) {
  const asked = { query, clientId: 'did', mode: 'direct_post' } as const
  const { requestUri, session } = await on.engine.createRequest(asked)
  const read = await readVpRequest(requestUri)
  const presentation = await presentFor(read, shown, { issuedAt: testNow })
  const members = membersOf(read.request, { [adult?.id ?? '']: [presentation] })
  const heard = await postForm(read.request.response_uri ?? '', members)
  const result = await on.engine
    .result(session, null)
    .catch((error: { code: string }) => error.code)
  return { query: read.request.dcql_query, heard, result }
}

describe('an answer to a query for trusted authorities', () => {
  it('is taken from an issuer that one of them has certified', async () => {
    const query = asking(aki(unknown), aki(unknown, issuer.authorityKeyId))
    const met = await outcome(query)
    expect(met.query).toMatchObject({
      credentials: [{ trusted_authorities: [aki(unknown), aki(unknown, issuer.authorityKeyId)] }],
    })
    expect(met).toMatchObject({ heard: { status: 200 }, result: { verified: true } })
  })

  it('is refused from an issuer of another authority, listed or not', async () => {
    const { heard, result } = await outcome(asking(aki(unknown)))
    expect(heard).toMatchObject({ status: 422, body: { code: 'authority_mismatch' } })
    expect(result).toBe('authority_mismatch')
    const other = await createCertifiedIssuer()
    expect((await outcome(asking(aki(other.authorityKeyId)))).result).toBe('authority_mismatch')
  })

  it('is refused from a did:key issuer, which has no authority', async () => {
    const plain = await createVpGround()
    try {
      const { heard, result } = await outcome(asking(aki(unknown)), plain, plain.held)
      expect(heard).toMatchObject({ status: 422, body: { code: 'authority_mismatch' } })
      expect(result).toBe('authority_mismatch')
    } finally {
      plain.close()
    }
  })

  it('is refused from an issuer off the trust list, whatever its authority is', async () => {
    const stranger = await createCertifiedIssuer()
    const { holder } = held
    const foreign = { holder, credential: await stranger.mint(holder.jwk) }
    const { result } = await outcome(asking(aki(stranger.authorityKeyId)), ground, foreign)
    expect(result).toBe('key_not_of_issuer')
  })

  it('is judged by the identifier as it is written, not by one that looks alike', async () => {
    const { authorityKeyId } = issuer
    for (const value of [`${authorityKeyId}=`, authorityKeyId.slice(1), 'é']) {
      expect((await outcome(asking(aki(value)))).result).toBe('authority_mismatch')
    }
  })
})

describe('a query for trusted authorities', () => {
  it.each(['etsi_tl', 'openid_federation'])('of type %s is not sent', async (type) => {
    const other = { type, values: ['https://list.example'] }
    for (const query of [asking(other), asking(aki(issuer.authorityKeyId), other)]) {
      const asked = { query, clientId: 'did', mode: 'direct_post' } as const
      await expect(ground.engine.createRequest(asked)).rejects.toEqual(refusal('query_unsupported'))
    }
  })

  it('is refused by the offline verifier, which reads no certificates', async () => {
    const clock = () => testNow
    const offline = createVerifier({
      ...{ trust: () => issuer.trust, audience: 'https://shop.example', clock },
      freshness: freshnessPolicies['grace-24h'],
      sessions: memorySessions({ clock }),
      platform: () => null,
    })
    await expect(
      offline.createSession({ query: asking(aki(issuer.authorityKeyId)) }),
    ).rejects.toEqual(refusal('query_unsupported'))
  })
})
