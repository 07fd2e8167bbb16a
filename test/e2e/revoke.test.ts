import { cpSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, type Run } from './netcert-process.js'
import { type Ground, makeGround, mint, present, publish, verifyOptions } from './triangle.js'

let ground: Ground
let wallet: string
let batch: string
let other: string
beforeAll(async () => {
  ground = await makeGround()
  wallet = ground.folder.at('wallet')
  batch = (await mint(ground, wallet, '--copies', 'platform')).batch
  other = ground.folder.at('other')
  await mint(ground, other, '--copies', 'platform')
  await publish(ground)
})
afterAll(() => ground.folder.remove())

/** Of two lists of one second nobody can tell which is the newer; publishing is hours apart. */
async function anotherSecond(since: number): Promise<void> {
  const next = (Math.floor(since / 1000) + 1) * 1000
  await setTimeout(Math.max(0, next - Date.now()))
}

let count = 0
async function verify(from: string, ...more: string[]): Promise<Run> {
  count += 1
  const nonce = `n-${count}`
  const input = await present(from, nonce, '--copies', 'platform')
  return netcert(['verify', '-', ...verifyOptions(ground, nonce), '--json', ...more], { input })
}

async function setStatus(act: string, reason: string): Promise<void> {
  const args = ['--dir', ground.issuer, '--batch', batch, '--reason', reason]
  jsonOf(await netcert(['certificate', act, ...args, '--json']))
}

describe('revoke: issuer, signed list, static file, next verification', () => {
  it('accepts before, and still accepts what was only recorded and not published', async () => {
    expect((await verify(wallet)).code).toBe(0)
    await setStatus('suspend', 'citizen_asked')
    expect((await verify(wallet)).code).toBe(0)
  })

  it('refuses a suspended copy from the next lists on, and accepts it again afterwards', async () => {
    await publish(ground)
    expect(errorOf(await verify(wallet))).toMatchObject({ code: 'status_suspended', exit: 1 })
    await setStatus('reinstate', 'cleared')
    await publish(ground)
    expect((await verify(wallet)).code).toBe(0)
  })

  it('refuses a revoked copy for good, and nobody else’s', async () => {
    cpSync(ground.folder.at('public'), ground.folder.at('yesterday'), { recursive: true })
    const listedAt = Date.now()
    await setStatus('revoke', 'device_lost')
    await anotherSecond(listedAt)
    await publish(ground)
    const run = await verify(wallet)
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(errorOf(run).code).toBe('status_invalid')
    expect((await verify(other)).code).toBe(0)
  })

  it('is not undone by older lists for a verifier that has seen newer ones', async () => {
    const state = ['--state', ground.folder.at('state.json')]
    expect((await verify(wallet, ...state)).code).toBe(1)
    const back = [...state, '--lists', ground.folder.at('yesterday')]
    expect((await verify(wallet, ...back)).code).toBe(1)
    // Without a memory of newer lists nobody can tell: that is what --state is for.
    expect((await verify(wallet, '--lists', ground.folder.at('yesterday'))).code).toBe(0)
  })
})
