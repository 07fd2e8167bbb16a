import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../architecture/source-file.js'

let state = ''

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'netcert-lock-'))
})

afterEach(() => rmSync(state, { recursive: true }))

/** A process that takes the lock and notes when it came in and when it went out. */
async function enterAndLeave(): Promise<void> {
  const program = `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withLock } from ${JSON.stringify(join(root, 'scripts/set-up/lock.js'))}
    const state = ${JSON.stringify(state)}
    const progress = { step: async () => {}, note: () => {}, done: () => {} }
    await withLock({ state, progress }, async () => {
      appendFileSync(state + '/log', 'in ')
      await sleep(30)
      appendFileSync(state + '/log', 'out ')
    })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await once(child, 'exit')
}

const log = () => readFileSync(join(state, 'log'), 'utf8').trim()

test('lets processes in one after another', async () => {
  await Promise.all([1, 2, 3, 4].map(enterAndLeave))
  expect(log()).toBe(Array(4).fill('in out').join(' '))
  expect(readdirSync(state)).toEqual(['log'])
})

test('takes over from a holder that died, once', async () => {
  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(dead, 'exit')
  mkdirSync(join(state, 'lock'))
  writeFileSync(join(state, 'lock', 'pid'), String(dead.pid))
  await Promise.all([1, 2, 3].map(enterAndLeave))
  expect(log()).toBe(Array(3).fill('in out').join(' '))
})

test('takes over when the holder’s number went to another program', async () => {
  const other = spawn('sleep', ['60'])
  mkdirSync(join(state, 'lock'))
  writeFileSync(join(state, 'lock', 'pid'), String(other.pid))
  await enterAndLeave()
  other.kill()
  expect(log()).toBe('in out')
})
