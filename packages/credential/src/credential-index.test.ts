import { describe, expect, it } from 'vitest'
import { chooseDisclosures, inspectSdJwt, selectDisclosures } from './holder.js'
import {
  CredentialError,
  createJws,
  digestDisclosure,
  encodeTextBase64Url,
  generateSigner,
  joinSdJwt,
  type JsonValue,
} from './index.js'

const issuer = await generateSigner('ES256')

describe('choosing in arrays', () => {
  const encode = (value: JsonValue) => encodeTextBase64Url(JSON.stringify(value))
  const digest = (encoded: string) => digestDisclosure('sha-256', encoded)

  it('counts positions as issued, hidden ones included', async () => {
    const elements = ['a', 'b'].map((value) => encode(['salt', value]))
    const list = [{ '...': 'decoy' }, ...elements.map((it) => ({ '...': digest(it) })), 'plain']
    const jwt = await createJws({
      header: { typ: 'x' },
      payload: { list },
      signer: issuer.signer,
    })
    const index = await inspectSdJwt(joinSdJwt(jwt, elements))
    expect(chooseDisclosures(index, [['list', 2]])).toEqual([1])
    expect(chooseDisclosures(index, [['list', null]])).toEqual([0, 1])
    expect(chooseDisclosures(index, [['list', 3]])).toEqual([])
    expect(() => chooseDisclosures(index, [['list', 4]])).toThrow(CredentialError)
    expect(selectDisclosures(index, [1])).toBe(joinSdJwt(jwt, elements.slice(1)))
    expect(() => selectDisclosures(index, [2])).toThrow(CredentialError)
    expect(() => selectDisclosures(index, [0, 0])).toThrow(CredentialError)
  })
})
