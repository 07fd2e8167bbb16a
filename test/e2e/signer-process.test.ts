import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../free-port.js'
import { errorOf, jsonOf, netcert, startNetcert } from './netcert-process.js'
import { offerTo, serve, startWire, type Wire } from './wire-ground.js'

const isLinux = process.platform === 'linux'

describe('netcert serve and its signer', () => {
  let wire: Wire
  beforeAll(async () => {
    wire = await startWire()
  }, 120_000)
  afterAll(() => wire.close())

  const receive = async (name: string) => {
    const { offer_uri, tx_code } = await offerTo(wire)
    return wire.wallet(name, 'receive', offer_uri, '--tx-code', tx_code ?? '')
  }
  const copies = async (name: string) =>
    jsonOf<{ certificates: { copies: number }[] }>(await receive(name)).certificates[0]?.copies
  /** The process that was started beside the one that listens, by what the system says of both. */
  const signerPid = () => {
    const lines = readFileSync(`/proc/${wire.server.pid}/task/${wire.server.pid}/children`, 'utf8')
    return Number(lines.trim().split(' ')[0])
  }

  it.skipIf(!isLinux)('hold the key in two processes, and start a killed one again', async () => {
    expect(await copies('first')).toBe(10)
    const first = signerPid()
    const words = readFileSync(`/proc/${first}/cmdline`, 'utf8').split('\0')
    expect(words).toContain('signer')
    process.kill(first, 'SIGKILL')
    // There is none then, or already another one.
    await expect.poll(signerPid).not.toBe(first)
    await new Promise((later) => setTimeout(later, 1_000))
    expect(await copies('second')).toBe(10)
    expect(signerPid()).not.toBe(first)
    expect(wire.server.log()).toContain('the signer has ended and is started again')
    expect(jsonOf(await wire.at('doctor'))).toMatchObject({ problems: 0 })
  })

  it('end together', async () => {
    const pid = isLinux ? signerPid() : 0
    expect(await wire.server.end()).toBe(0)
    if (isLinux) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    wire.server = await serve('issuer', '--dir', wire.issuer)
  })

  it('work with a signer that was started by hand, and say when there is none', async () => {
    const socket = wire.folder.at('s')
    const port = String(await freePort())
    const missing = await netcert([
      ...['serve', 'issuer', '--dir', wire.issuer, '--port', port],
      ...['--allow-http-loopback', '--signer', socket, '--json'],
    ])
    expect([missing.code, errorOf(missing).code]).toEqual([3, 'signer_unreachable'])
    const signer = startNetcert(['signer', '--dir', wire.issuer, '--socket', socket, '--json'])
    const [line] = (await once(signer.stdout!, 'data')) as [Buffer]
    expect(JSON.parse(String(line))).toEqual({ ready: true, socket })
    await wire.server.end()
    wire.server = await serve('issuer', '--dir', wire.issuer, '--signer', socket)
    expect(await copies('third')).toBe(10)
    signer.kill('SIGTERM')
    expect(await once(signer, 'exit')).toEqual([0, null])
    expect(errorOf(await receive('fourth')).message).toContain('temporarily_unavailable')
  })

  it('say why they do not start without the key', async () => {
    const file = join(wire.issuer, 'secrets/signer.key')
    await rename(file, `${file}.away`)
    const port = String(await freePort())
    const words = ['serve', 'issuer', '--dir', wire.issuer, '--port', port, '--json']
    const run = await netcert([...words, '--allow-http-loopback'])
    expect([run.code, errorOf(run).code]).toEqual([3, 'signer_key_missing'])
    await rename(`${file}.away`, file)
  })

  it('wait for an operator after an alarm', async () => {
    expect(jsonOf(await wire.at('signer', 'resume'))).toEqual({ accepted: 0 })
    const run = await netcert(['signer', '--dir', wire.issuer, '--json'])
    expect([run.code, errorOf(run).code]).toEqual([2, 'wrong_use'])
  })
})
