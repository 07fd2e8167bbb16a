import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPerson } from '../../../test/accreditation-ground.js'
import { createSignInGround, type SignInGround } from '../../../test/sign-in-ground.js'
import { openStaffRoute, type StaffRoute } from './staff-route.js'

const secret = randomBytes(32).toString('hex')

let ground: SignInGround
let folder = ''
let route: StaffRoute
const log: object[] = []
beforeAll(async () => {
  ground = await createSignInGround()
  folder = await mkdtemp(join(tmpdir(), 'netcert-staff-'))
  const secretFile = join(folder, 'staff.secret')
  await writeFile(secretFile, `${secret}\n`, { mode: 0o600 })
  route = await openStaffRoute({
    ...{ accounts: ground.accounts, secretFile },
    log: (line) => void log.push(line),
  })
})
afterAll(async () => {
  await ground.close()
  await rm(folder, { recursive: true })
})

async function post(body: unknown, bearer = `Bearer ${secret}`, method = 'POST') {
  const headers = { authorization: bearer, 'content-type': 'application/json' }
  const sent = method === 'POST' ? { body: JSON.stringify(body) } : {}
  const url = 'https://shop.example/staff/flags'
  const response = await route.handler(new Request(url, { method, headers, ...sent }))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('the route by which the platform’s own systems flag an account', () => {
  it('flags it, and ends its sessions', async () => {
    const browser = ground.browser()
    const account = (await browser.signIn(await ground.copy(createPerson()))).body['account']
    expect(await post({ account, reason: 'many_failures' })).toMatchObject({
      ...{ status: 200, body: { account, reason: 'many_failures' } },
    })
    expect((await browser.get('/account')).status).toBe(401)
  })

  it.each([
    ['no secret', ''],
    ['another secret', `Bearer ${'0'.repeat(64)}`],
    ['the secret under another scheme', `Basic ${secret}`],
    ['a part of it', `Bearer ${secret.slice(0, 40)}`],
  ])('refuses %s, before it looks at anything', async (_name, bearer) => {
    for (const account of ['u', 'nobody-at-all']) {
      expect(await post({ account, reason: 'x' }, bearer)).toMatchObject({
        ...{ status: 401, body: { error: 'staff_unauthorised' } },
      })
    }
    expect(JSON.stringify(log)).not.toContain(secret.slice(0, 20))
  })

  it.each([
    ['an account that is not there', { account: 'nobody', reason: 'x' }, 404],
    ['a reason that is a text', { account: 'nobody', reason: 'Li was rude' }, 400],
    ['no reason', { account: 'nobody' }, 400],
    ['a body that is no object', 'flag', 400],
  ])('refuses %s', async (_name, body, status) => {
    expect((await post(body)).status).toBe(status)
  })

  it('refuses anything but POST', async () => {
    expect((await post(null, undefined, 'GET')).status).toBe(400)
  })

  it('does not start with a secret that others can read, that is short, or that is missing', async () => {
    const secretFile = join(folder, 'bad.secret')
    const open = () => openStaffRoute({ accounts: ground.accounts, secretFile })
    const invalid = expect.objectContaining({ code: 'config_invalid' })
    await expect(open()).rejects.toEqual(invalid)
    await writeFile(secretFile, secret)
    await chmod(secretFile, 0o644)
    await expect(open()).rejects.toEqual(invalid)
    await chmod(secretFile, 0o600)
    for (const text of ['short', 'x'.repeat(2000), `${secret} ${secret}`]) {
      await writeFile(secretFile, text)
      await expect(open()).rejects.toEqual(invalid)
    }
  })
})
