import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { noteAddress } from '../request-address.js'
import { createRevocationRouter } from './revocation-http.js'

it('counts tries by the network that a host has to itself, not by each of its addresses', async () => {
  const seen: string[] = []
  const codes = {
    useRevocationCode: async ({ address }: { readonly address: string }) => {
      seen.push(address)
    },
  }
  const app = express()
  app.use((request, _response, next) => {
    noteAddress(request, 'x-address')
    next()
  })
  app.use(createRevocationRouter({ codes, basePath: '', formsPerAddress: 10 }))
  const server = app.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const address of ['2001:db8::1', '2001:db8::ffff:2', '192.0.2.7', '192.0.2.8']) {
    const { status } = await fetch(`http://127.0.0.1:${port}/revoke`, {
      method: 'POST',
      headers: { 'x-address': address },
      body: new URLSearchParams({ code: 'any', action: 'suspend' }),
    })
    expect(status).toBe(200)
  }
  expect(new Set(seen).size).toBe(3)
})
