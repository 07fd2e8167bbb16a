import dgram from 'node:dgram'
import { lookup } from 'node:dns'
import { resolve4 } from 'node:dns/promises'
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NetworkGuard, refuseNetwork } from './network-guard.js'

let server: net.Server
let port: number
let guard: NetworkGuard

beforeEach(async () => {
  server = createServer((socket) => socket.end('hello'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  guard = refuseNetwork()
})
afterEach(async () => {
  guard.restore()
  server.close()
  await once(server, 'close')
})

describe('refuseNetwork', () => {
  it('refuses TCP to the very machine, and counts it', () => {
    expect(() => net.connect(port, '127.0.0.1')).toThrow(/while offline/)
    expect(() => new net.Socket().connect(port)).toThrow(/while offline/)
    expect(guard.attempts()).toBe(2)
  })

  it('refuses HTTP and fetch', async () => {
    expect(() => http.get({ port, host: '127.0.0.1' })).toThrow(/while offline/)
    await expect(async () => fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow(/while offline/)
  })

  it('refuses UDP and names, through named imports too', () => {
    const socket = dgram.createSocket('udp4')
    expect(() => socket.send('x', port, '127.0.0.1')).toThrow(/while offline/)
    expect(() => lookup('localhost', () => {})).toThrow(/while offline/)
    expect(() => resolve4('localhost')).toThrow(/while offline/)
    socket.close()
  })

  it('lets connections through again afterwards', async () => {
    guard.restore()
    const socket = net.connect(port, '127.0.0.1')
    const [data] = await once(socket, 'data')
    expect(String(data)).toBe('hello')
    socket.destroy()
  })
})
