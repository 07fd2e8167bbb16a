import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { serveTestIssuer } from '../../../test/issuer-server-ground.js'
import { authorizeUrl, locationOf, postToken, pushRequest } from '../../../test/oauth-flow.js'
import { createBrowser } from '../../../test/oauth-wallet.js'

describe('limits', () => {
  it('turn a request away with a time to come back when too many are under way', async () => {
    const served = await serveTestIssuer({ citizens: 1, limits: { inFlight: 2 } })
    const nothing = async () => (await fetch(`${served.url}/nothing`)).status
    try {
      const slow = [1, 2].map(() => {
        const socket = connect(served.server.port, '127.0.0.1')
        socket.write('POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n')
        socket.write('content-type: application/x-www-form-urlencoded\r\n\r\n')
        return socket
      })
      await expect.poll(nothing, { timeout: 8000 }).toBe(503)
      const answer = await fetch(`${served.url}/nothing`)
      expect(answer.headers.get('retry-after')).toBe('1')
      for (const socket of slow) socket.destroy()
      await expect.poll(nothing, { timeout: 8000 }).toBe(404)
    } finally {
      await served.close()
    }
  })

  it('count by address, apart for each one the operator’s proxy names', async () => {
    const served = await serveTestIssuer({
      citizens: 1,
      limits: { perMinute: 3 },
      addressHeader: 'x-real-address',
    })
    try {
      const post = async (address: string) =>
        (await postToken(served, 'grant_type=x', undefined, { 'x-real-address': address })).status
      const statuses = [await post('10.0.0.1'), await post('10.0.0.1'), await post('10.0.0.1')]
      expect(statuses).toEqual([400, 400, 400])
      expect(await post('10.0.0.1')).toBe(429)
      expect(await post('10.0.0.2')).toBe(400)
    } finally {
      await served.close()
    }
  })

  it('let one address send sixty login forms in ten minutes', async () => {
    const served = await serveTestIssuer({ citizens: 1, limits: { loginForms: 60 } })
    try {
      const { requestUri } = await pushRequest(served)
      const browser = createBrowser()
      const login = locationOf(await browser.get(authorizeUrl(served, requestUri)))
      const statuses: number[] = []
      for (let time = 0; time < 61; time++) {
        statuses.push((await browser.submit(`${login}/code`, { code: '000000' })).status)
      }
      expect(statuses.filter((status) => status === 429)).toHaveLength(1)
      expect(statuses.at(-1)).toBe(429)
    } finally {
      await served.close()
    }
  })
})
