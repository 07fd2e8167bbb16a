import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasTerminal, sitAtTerminal, terminalState } from '../terminal.js'
import { jsonOf } from './netcert-process.js'
import { ask, offerTo, resultOf, startWire, type Wire } from './wire-ground.js'

const LOOPBACK = '--allow-http-loopback'

describe.skipIf(!hasTerminal)(`somebody at a terminal${terminalState}`, () => {
  let wire: Wire
  beforeAll(async () => {
    wire = await startWire()
  }, 120_000)
  afterAll(() => wire?.close())

  /** Receives an offer, or the one that is given, into a wallet of that name. */
  async function receive(wallet: string, answers: readonly string[], given?: readonly string[]) {
    const { offer_uri, tx_code } = await offerTo(wire)
    const offer = given ?? [offer_uri, '--tx-code', tx_code ?? '']
    const asked = ['wallet', 'receive', ...offer, '--batch', '2', LOOPBACK]
    const trust = ['--trust', `${wire.issuer}/root.did`]
    const sitting = await sitAtTerminal(
      [...asked, '--dir', wire.folder.at(wallet), ...trust],
      answers,
    )
    return { ...sitting, offer }
  }
  const present = (wallet: string, uri: string, answers: readonly string[]) =>
    sitAtTerminal(['wallet', 'present', uri, '--dir', wire.folder.at(wallet), LOOPBACK], answers)

  it('is asked before anything is fetched, and has the certificates after yes', async () => {
    const sitting = await receive('yes', ['y', 'yes'])
    expect(sitting.seen).toMatch(/Asks .* for the issuer\nAsk there\? \[y\/N\] y\n/)
    expect(sitting.seen).toMatch(/Offered by[\s\S]*Receive this\? \[y\/N\] yes/)
    expect(sitting.seen).toContain('Received')
    expect(sitting.code).toBe(0)
  })

  it.each(['n', '', 'yesterday'])(
    'who answers %j gets nothing, and the code stays good',
    async (answer) => {
      const first = await receive(`first-${answer}`, [answer])
      expect([first.code, first.seen.includes('Offered by')]).toEqual([1, false])
      const second = await receive(`second-${answer}`, ['y', answer], first.offer)
      expect([second.code, second.seen.includes('Offered by')]).toEqual([1, true])
      expect(second.seen).not.toMatch(/^Received/m)
      expect((await receive(`third-${answer}`, ['y', 'y'], first.offer)).code).toBe(0)
    },
  )

  it('sees who asks and what would be shared, and shares it after 是', async () => {
    await receive('sharing', ['y', 'y'])
    const { request_uri, session } = await ask(wire)
    const refused = await present('sharing', request_uri, ['n'])
    expect(refused.seen).toMatch(/Asked by[\s\S]*age_equal_or_over[\s\S]*Share this\? \[y\/N\] n/)
    expect(refused.seen).not.toMatch(/^Shared/m)
    expect(refused.code).toBe(1)
    expect((await resultOf(wire, session)).code).toBe(1)
    const again = await ask(wire)
    const shared = await present('sharing', again.request_uri, ['是'])
    expect(shared.seen).toMatch(/^Shared/m)
    expect(shared.code).toBe(0)
    expect(jsonOf<object>(await resultOf(wire, again.session))).toMatchObject({ verified: true })
  })
})
