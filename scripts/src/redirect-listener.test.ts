import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenForRedirect, type RedirectListener } from './redirect-listener.js'

let listener: RedirectListener
beforeEach(async () => {
  listener = await listenForRedirect()
})
afterEach(() => listener.close())

describe('the listener for the browser that comes back', () => {
  it('listens on this machine only and gives the address it was called with', async () => {
    expect(listener.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/signed-in$/)
    const back = `${listener.redirectUri}?code=c&state=s&iss=https%3A%2F%2Fissuer.example`
    const answer = await fetch(back)
    expect(answer.status).toBe(200)
    expect(await answer.text()).not.toContain('issuer.example')
    expect(await listener.wait()).toBe(back)
  })

  it('takes nothing else for it: other paths, other methods, no answer at all', async () => {
    const { origin } = new URL(listener.redirectUri)
    expect((await fetch(`${origin}/favicon.ico`)).status).toBe(404)
    expect((await fetch(`${origin}/signed-in`)).status).toBe(404)
    expect((await fetch(`${origin}/signed-in?code=x`, { method: 'POST' })).status).toBe(404)
    const still = Promise.race([
      listener.wait(),
      new Promise((late) => setTimeout(late, 100, 'none')),
    ])
    expect(await still).toBe('none')
  })
})
