import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { parseAnswer } from '@netcert/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { createCertifiedIssuer } from '../../../test/certified-issuer.js'
import { vpGround } from '../../../test/vp-ground.js'
import { linkOf, requestOf } from '../../../test/vp-verifier-ground.js'

const vp = vpGround({ copies: 0 })

async function answer(trusted_authorities: object[]) {
  const dcql_query = {
    credentials: [
      {
        id: 'c',
        format: 'dc+sd-jwt',
        meta: { vct_values: [NETWORK_CERTIFICATE] },
        claims: [{ path: ['real_person'] }],
        trusted_authorities,
      },
    ],
  }
  await vp.answer(await linkOf(vp.asker, requestOf(vp.server, { dcql_query })))
  const told = parseAnswer(vp.server.answers.at(-1) ?? {})
  return told.kind === 'presentations' ? Object.keys(told.vpToken) : told.error
}

describe('trusted authorities over a certificate of an issuer with x5c', () => {
  let authority = ''
  beforeEach(async () => {
    const issuer = await createCertifiedIssuer()
    await vp.reopen({ trust: () => issuer.trust })
    const keys = await vp.wallet.createHolderKeys(1)
    const credentials = await Promise.all(keys.map((jwk) => issuer.mint(jwk)))
    await vp.wallet.receive({ credentials, kind: 'one-time' })
    authority = issuer.authorityKeyId
  })

  it('are met by the key identifier of the authority that certified it', async () => {
    const other = { type: 'etsi_tl', values: ['https://list.example'] }
    const aki = { type: 'aki', values: ['another', authority] }
    expect(await answer([other, aki])).toEqual(['c'])
  })

  it('are not met by another authority, or by the same text of another kind', async () => {
    expect(await answer([{ type: 'aki', values: ['another'] }])).toBe('access_denied')
    const federation = { type: 'openid_federation', values: [authority] }
    expect(await answer([federation])).toBe('access_denied')
    expect((await vp.wallet.list())[0]?.remaining).toBe(1)
  })
})
