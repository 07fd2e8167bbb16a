import type { Wallet } from '@netcert/wallet'
import { beforeEach, describe, expect, it } from 'vitest'
import { vciGround } from '../../../test/vci-wallet-ground.js'

const DAY = 86_400
const refusal = (code: string) => expect.objectContaining({ code })
const vci = vciGround()

let wallet: Wallet
beforeEach(async () => {
  wallet = await vci.open()
  await vci.receive(wallet, { batch: 2 })
  vci.issuer.asked.splice(0)
})

const seconds = () => vci.ground.now.getTime() / 1000
const tomorrow = () => new Date((seconds() + DAY) * 1000)
const pauses = () => vci.issuer.asked.filter(({ path }) => path === '/tenant/pause')
const granted = () => {
  vci.issuer.behaviour.pauseAnswer = ({ until = null }) => [200, { since: seconds(), until }]
}
const paused = async () => (await wallet.list()).map((it) => it.paused)

describe('a wallet that pauses', () => {
  it('asks once, by a token bound to its key, and says nothing but the end', async () => {
    granted()
    const until = tomorrow()
    const [pause] = await wallet.pause({ until })
    expect(pause).toEqual({ issuer: vci.issuer.issuer, since: vci.ground.now, until })
    const [asked, ...more] = pauses()
    expect(more).toEqual([])
    expect(JSON.parse(asked!.body)).toEqual({ until: seconds() + DAY })
    expect(asked!.headers['authorization']).toMatch(/^DPoP /)
    expect(asked!.headers['dpop']).toBeDefined()
    expect(await paused()).toEqual([{ by: 'citizen', until }])
  })

  it('asks one grant of many, and another one where the first has ended', async () => {
    await vci.receive(wallet, { batch: 2 })
    granted()
    await wallet.pause()
    expect(pauses()).toHaveLength(1)
    const answers = [[400, { error: 'credential_request_denied' }] as const]
    vci.issuer.behaviour.pauseAnswer = () =>
      answers.pop() ?? [200, { since: seconds(), until: null }]
    expect(await wallet.pause()).toMatchObject([{ until: null }])
    expect(pauses()).toHaveLength(3)
  })

  it('counts a lapsed pause as none, and asks nobody for that', async () => {
    granted()
    const until = tomorrow()
    await wallet.pause({ until })
    vci.issuer.asked.splice(0)
    vci.ground.now = new Date(until.getTime() - 1_000)
    expect(await wallet.pauses()).toHaveLength(1)
    vci.ground.now = until
    expect(await wallet.pauses()).toEqual([])
    expect(await paused()).toEqual([null])
    expect(vci.issuer.pathsAsked()).toEqual([])
  })

  it('looks within hours whether the counter took a pause without an end back', async () => {
    granted()
    await wallet.pause()
    vci.issuer.behaviour.credentialError = 'credential_request_denied'
    vci.ground.now = new Date((seconds() + 3 * 3_600) * 1000)
    const failed = { kind: 'failed', code: 'certificates_paused' }
    expect(await wallet.refill()).toMatchObject([failed])
    expect(await wallet.pauses()).toHaveLength(1)
    vci.issuer.behaviour.credentialError = null
    vci.ground.now = new Date((seconds() + 3 * 3_600) * 1000)
    expect(await wallet.refill()).toMatchObject([{ kind: 'received' }])
    expect(await wallet.pauses()).toEqual([])
  })

  it('keeps nothing of a pause that the issuer does not know, refuses or does not confirm', async () => {
    const refused = async (code: string) => {
      await expect(wallet.pause({ until: tomorrow() })).rejects.toThrow(refusal(code))
      expect(await wallet.pauses()).toEqual([])
    }
    await refused('issuer_refused')
    vci.issuer.behaviour.pauseAnswer = () => [400, { error: 'invalid_credential_request' }]
    await refused('issuer_refused')
    for (const body of [{}, { since: 0, until: null }, { since: seconds(), until: 'never' }]) {
      vci.issuer.behaviour.pauseAnswer = () => [200, body]
      await refused('issuer_answer')
    }
  })

  it('asks nobody for an end that has passed, nor where nothing is about the citizen', async () => {
    granted()
    await expect(wallet.pause({ until: vci.ground.now })).rejects.toThrow(refusal('pause_end'))
    vci.issuer.behaviour.wards = ['ward-certificate:a']
    const guardian = await vci.open({ dir: `${vci.ground.folder}/guardian` })
    await vci.receive(guardian, { offer: vci.issuer.offer({ ids: ['ward-certificate'] }) })
    await expect(guardian.pause()).rejects.toThrow(refusal('pause_impossible'))
    expect(pauses()).toEqual([])
  })
})
