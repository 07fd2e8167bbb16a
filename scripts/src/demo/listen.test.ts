import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { listen } from './listen.js'

describe('listen', () => {
  it('listens on this machine only and closes', async () => {
    const server = createServer((_request, response) => response.end('here'))
    const listening = await listen({ server, port: 0, orAnother: false })
    expect(listening.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(listening.url)).text()).toBe('here')
    await listening.close()
    await expect(fetch(listening.url)).rejects.toThrow(/fetch failed/)
  })

  it('picks another port when that is allowed, else says that it is in use', async () => {
    const first = await listen({ server: createServer(), port: 0, orAnother: false })
    const port = Number(new URL(first.url).port)
    const server = createServer()
    await expect(listen({ server, port, orAnother: false })).rejects.toMatchObject({
      code: 'address_in_use',
      exit: 3,
    })
    const moved = await listen({ server, port, orAnother: true })
    expect(moved.moved).toBe(true)
    await moved.close()
    await first.close()
  })
})
