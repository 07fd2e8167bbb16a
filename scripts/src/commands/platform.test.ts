import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { generateSigner } from '@netcert/credential'
import { parseAccreditation } from '@netcert/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert, temporaryFolder } from '../../../test/e2e/netcert-process.js'
import { exampleRegistration } from '../../../test/platform-ground.js'

const ID = 'https://tickets.example'
const folder = temporaryFolder()
const dir = folder.at('issuer')

beforeAll(async () => {
  const init = await netcert(['init', '--dir', dir, '--base-url', 'https://issuer.example'])
  if (init.code !== 0) throw new Error(init.stderr)
  const { jwk } = await generateSigner('ES256')
  const value = exampleRegistration({ requestJwk: jwk, sectors: ['ticketing', 'age-check'] })
  writeFileSync(folder.at('tickets.json'), JSON.stringify(value))
})
afterAll(() => folder.remove())

const platform = (...args: string[]) => netcert(['platform', ...args, '--dir', dir, '--json'])
const plain = (...args: string[]) => netcert(['platform', ...args, '--dir', dir])

describe('platform', () => {
  it('begins with a template, which is refused place by place until it is filled in', async () => {
    const template = await plain('template', 'ticketing', 'telecom')
    expect(template.code).toBe(0)
    writeFileSync(folder.at('template.json'), template.stdout)
    const run = await platform('register', folder.at('template.json'))
    expect([run.code, errorOf(run).code]).toEqual([2, 'registration_invalid'])
    const { message } = errorOf(run)
    for (const place of ['id', 'name.en', 'operator.registration_number', 'addresses.website']) {
      expect(message).toContain(place)
    }
    expect(errorOf(await platform('template', 'gambling'))).toMatchObject({ code: 'wrong_use' })
    expect(jsonOf(await platform('list'))).toEqual({ platforms: [] })
  })

  it('registers, accredits into a new file, lists, renews, publishes', async () => {
    const file = folder.at('tickets.json')
    expect(jsonOf(await platform('register', file))).toMatchObject({ outcome: 'registered' })
    const out = folder.at('ticketing.jwt')
    const accredit = ['accredit', ID, '--purpose', 'ticketing', '--out', out, '--days', '7']
    expect(jsonOf(await platform(...accredit))).toMatchObject({ platform: ID, file: out })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const { accreditation } = parseAccreditation(readFileSync(out, 'utf8').trim())
    expect(accreditation).toMatchObject({ platformId: ID, purposeId: 'ticketing' })
    expect(errorOf(await platform(...accredit))).toMatchObject({ code: 'file_exists', exit: 2 })
    expect(jsonOf(await platform('renew'))).toEqual({ renewed: [], ended: [] })
    const list = await plain('list')
    expect(list.stdout).toContain('Good Tickets')
    expect(list.stdout).toContain('not now')
    const published = folder.at('published')
    const publish = await netcert(['publish', '--dir', dir, '--out', published, '--json'])
    expect(jsonOf(publish)).toMatchObject({ register: { platforms: 1 } })
    expect(readFileSync(`${published}/register/register.json`, 'utf8')).toContain(ID)
    expect(readFileSync(`${published}/register/index.html`, 'utf8')).toContain('register.js')
  })

  it('revokes and removes, each with a reason it knows', async () => {
    const revoke = (...args: string[]) => platform('revoke', ID, ...args)
    expect(errorOf(await revoke('--reason', 'because'))).toMatchObject({
      code: 'accreditation_reason_unknown',
      exit: 2,
    })
    expect(jsonOf(await revoke('--reason', 'rules_broken'))).toEqual({ platform: ID, revoked: 1 })
    expect(errorOf(await revoke('--reason', 'rules_broken'))).toMatchObject({
      code: 'nothing_to_change',
      exit: 1,
    })
    const remove = ['remove', ID, '--reason', 'ceased']
    expect(jsonOf(await platform(...remove))).toEqual({ platform: ID, removed: true })
    expect(errorOf(await platform(...remove))).toMatchObject({ code: 'platform_removed', exit: 1 })
    expect(
      errorOf(await platform('register', folder.at('tickets.json'), '--update')),
    ).toMatchObject({ code: 'platform_removed' })
    expect(jsonOf(await platform('reports'))).toEqual({ reports: [] })
  })
})
