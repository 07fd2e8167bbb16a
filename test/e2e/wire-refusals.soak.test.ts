import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, jsonOf, netcert } from './netcert-process.js'
import { ask, fillWallet, offerTo, resultOf, startWire, type Wire } from './wire-ground.js'

let wire: Wire
beforeAll(async () => {
  wire = await startWire({ initArgs: ['--x5c'] })
}, 120_000)
afterAll(() => wire.close())

type Answered = { ok: boolean; code?: string; [name: string]: unknown }

describe('an offer over the wire', () => {
  it('is good for one wallet, once', async () => {
    const { offer_uri, tx_code } = await offerTo(wire)
    const args = ['receive', offer_uri, '--tx-code', tx_code ?? '']
    jsonOf(await wire.wallet('one', ...args))
    const second = await wire.wallet('other', ...args)
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(errorOf(second).code).toBe('grant_refused')
    expect(second.stderr).not.toContain(tx_code)
  })

  it('is burnt by five wrong codes, and needs one', async () => {
    const { offer_uri, tx_code } = await offerTo(wire, '--tx-code', '424242')
    expect(tx_code).toBe('424242')
    expect(errorOf(await wire.wallet('guess', 'receive', offer_uri)).code).toBe('tx_code_missing')
    for (let guess = 0; guess < 5; guess += 1) {
      const run = await wire.wallet('guess', 'receive', offer_uri, '--tx-code', `11111${guess}`)
      expect(errorOf(run).code).toBe('grant_refused')
    }
    const right = await wire.wallet('guess', 'receive', offer_uri, '--tx-code', '424242')
    expect(errorOf(right).code).toBe('grant_refused')
  })

  it('is refused from an issuer that the wallet’s root does not list', async () => {
    const other = wire.folder.at('other-root.did')
    const rootDid = readFileSync(join(wire.issuer, 'root.did'), 'utf8').trim()
    writeFileSync(other, `${rootDid.slice(0, -4)}AAAA\n`)
    const { offer_uri } = await offerTo(wire, '--no-tx-code')
    const malformed = await wire.wallet('wary', 'receive', offer_uri, '--trust', other)
    expect(malformed.code).not.toBe(0)
    const stranger = await startWire()
    const trust = ['--trust', join(stranger.issuer, 'root.did')]
    const run = await wire.wallet('strange', 'receive', offer_uri, ...trust)
    await stranger.close()
    expect(errorOf(run).code).toBe('trust_list_untrusted')
  }, 120_000)

  it('is not fetched over plain http without the flag', async () => {
    const { offer_uri } = await offerTo(wire, '--no-tx-code')
    const args = ['wallet', 'receive', offer_uri, '--dir', wire.folder.at('strict'), '--json']
    const run = await netcert(args)
    expect(run.code).not.toBe(0)
    expect(run.stdout).toBe('')
  })

  it('cannot be made for somebody unknown, nor for a type there is none of', async () => {
    const make = (...args: string[]) => wire.at('offer', 'create', ...args)
    const nobody = await make('--citizen', 'c_00000000000000000000000000', '--type', 'gate-pass')
    expect(errorOf(nobody)).toMatchObject({ code: 'citizen_unknown', exit: 2 })
    const { reference } = wire.people[0]!
    const odd = await make('--citizen', reference, '--type', 'driving-licence')
    expect(errorOf(odd)).toMatchObject({ code: 'type_unknown', exit: 2 })
  })
})

describe('a request over the wire', () => {
  it('is not answered without agreement, and nothing is used up', async () => {
    await fillWallet(wire, 'asks')
    const { request_uri, session } = await ask(wire)
    const run = await wire.wallet('asks', 'present', request_uri)
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(errorOf(run).code).toBe('consent_needed')
    expect(errorOf(await resultOf(wire, session)).code).toBe('session_waiting')
    const preview = jsonOf(await wire.wallet('asks', 'present', request_uri, '--preview'))
    expect(preview).toMatchObject({ state: 'ready', verifier: { proof: 'key' } })
    const list = jsonOf(await wire.wallet('asks', 'list'))
    expect(list).toMatchObject({ certificates: [{ remaining: 10 }] })
  })

  it('is answered once; a second wallet comes too late', async () => {
    await fillWallet(wire, 'late')
    const { request_uri, session } = await ask(wire)
    jsonOf(await wire.wallet('late', 'present', request_uri, '--yes'))
    const second = await wire.wallet('late', 'present', request_uri, '--yes')
    expect(second.code).not.toBe(0)
    expect(jsonOf(await resultOf(wire, session))).toMatchObject({ verified: true })
  })

  it('tells the verifier no more than no when the wallet holds nothing for it', async () => {
    await fillWallet(wire, 'poor', '--type', 'gate-pass')
    const query = wire.folder.at('query.json')
    const meta = { vct_values: ['urn:netcert:guardianship:1'] }
    const credential = { id: 'g', format: 'dc+sd-jwt', meta }
    writeFileSync(query, JSON.stringify({ credentials: [credential] }))
    const { request_uri, session } = await ask(wire, '--query', query)
    const run = await wire.wallet('poor', 'present', request_uri, '--yes')
    expect(errorOf(run).code).toBe('query_unanswered')
    expect(errorOf(await resultOf(wire, session)).code).toBe('wallet_declined')
  })

  it('has a result for its session only', async () => {
    const run = await resultOf(wire, 'AAAAAAAAAAAAAAAAAAAAAA')
    expect(run.code).toBe(1)
    expect(errorOf(run).code).toBe('session_unknown')
    expect((await resultOf(wire, '../../etc/passwd')).code).toBe(1)
  })
})

describe('the wallet for scripts', () => {
  const lines = async (name: string, commands: readonly (object | string)[]) => {
    const input = commands.map((it) => (typeof it === 'string' ? it : JSON.stringify(it)))
    const args = ['wallet', '--jsonl', '--dir', wire.folder.at(name), '--allow-http-loopback']
    const run = await netcert(args, { input: `${input.join('\n')}\n` })
    expect(run.code).toBe(0)
    return run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Answered)
  }

  it('answers each line in its order, and goes on after one that fails', async () => {
    const { offer_uri: offer, tx_code: txCode } = await offerTo(wire)
    const { request_uri: request, session } = await ask(wire)
    const answers = await lines('script', [
      { cmd: 'present', request },
      { cmd: 'receive', offer, txCode: '000000' },
      { cmd: 'receive', offer, txCode, batch: 3 },
      { cmd: 'receive', offer, txCode },
      'no json',
      '[]',
      { cmd: 'dance' },
      { cmd: 'receive' },
      'x'.repeat(300_000),
      '',
      { cmd: 'list' },
    ])
    expect(answers.map(({ ok, code }) => (ok ? 'ok' : code))).toEqual([
      ...['query_unanswered', 'grant_refused', 'ok', 'grant_refused'],
      ...['wrong_use', 'wrong_use', 'wrong_use', 'wrong_use', 'wrong_use', 'ok'],
    ])
    expect(answers[2]).toMatchObject({ kind: 'received', certificates: [{ copies: 3 }] })
    expect(errorOf(await resultOf(wire, session)).code).toBe('wallet_declined')
    const next = await ask(wire)
    const [shown] = await lines('script', [{ cmd: 'present', request: next.request_uri }])
    expect(shown).toMatchObject({ ok: true, redirectUri: null })
    expect(jsonOf(await resultOf(wire, next.session))).toMatchObject({ verified: true })
  })
})
