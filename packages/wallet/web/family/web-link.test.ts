import { describe, expect, it } from 'vitest'
import { webLinkOf } from './web-link.js'

describe('a link to a web page', () => {
  it('is opened over https, or on this machine', () => {
    expect(webLinkOf(' https://game.example/netcert/consent/abc\n')?.host).toBe('game.example')
    expect(webLinkOf('http://127.0.0.1:8650/consent/abc')?.host).toBe('127.0.0.1:8650')
  })

  it('is none otherwise', () => {
    for (const text of ['http://game.example/', 'javascript:alert(1)', 'https://', 'hello', '']) {
      expect(webLinkOf(text)).toBeNull()
    }
  })
})
