import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import { authorize, postToken, redeem } from '../../../test/oauth-flow.js'
import { openedForAll } from '../../../test/opened-for-all.js'

describe('what the authorization server keeps', () => {
  const served = openedForAll(() => serveTestIssuer({ citizens: 2 }))

  /** Every byte of the data folder, the secrets left out, as text that keeps each byte. */
  async function everything(): Promise<string> {
    const entries = await readdir(served.dir, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.endsWith('secrets'))
    const texts = await Promise.all(
      files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    )
    return texts.join('\n')
  }

  it('holds no request, code, token, cookie, login code, client or state in clear', async () => {
    const authorized = await authorize(served, { state: 'a-state-nobody-else-has' })
    const { body } = await redeem(served, authorized)
    const { secret } = await served.offer({})
    const bearer = await postToken(
      served,
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
        'pre-authorized_code': secret,
      },
      undefined,
    )
    const [person] = served.people
    const kept = await everything()
    expect(kept).toContain('as_records')
    const secrets = [
      authorized.requestUri.split(':').at(-1),
      authorized.code,
      authorized.pkce.verifier,
      authorized.pkce.challenge,
      'a-state-nobody-else-has',
      'wallet.example',
      body['access_token'],
      body['refresh_token'],
      bearer.body['access_token'],
      secret,
      person!.documentNumber,
      person!.name,
    ]
    for (const value of secrets) {
      const text = Buffer.from(String(value), 'utf8').toString('latin1')
      expect(text.length).toBeGreaterThan(1)
      expect(kept.includes(text), `kept: value ${secrets.indexOf(value)}`).toBe(false)
    }
    expect(served.log).toEqual([])
  })
})
