import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { jsonOf, netcert } from '../../../test/e2e/netcert-process.js'
import { gateGround } from '../../../test/gate-ground.js'
import { commandPhone, eventLane } from '../../../test/gate-phone.js'
import { readQrCodes } from '../../../test/qr-reading.js'
import { squaresOf } from '../../../test/sheet-squares.js'
import { writeQrFile } from '../qr-file.js'

// Refusals of both are in wallet-gate.soak.test.ts.
const ground = gateGround()

describe('wallet gate', () => {
  it('reads a picture of the challenge and answers with a picture that the gate lets in', async () => {
    const { run, at, dir } = await commandPhone(ground)
    const { gate, challenge } = await eventLane(ground)
    await writeQrFile(at('gate.png'), await challenge())
    const words = ['--image', at('gate.png'), '--out', at('answer.png')]
    const answered = await run('wallet', 'gate', ...words, '--yes', '--json')
    const { text } = jsonOf<{ text: string }>(answered)
    expect(JSON.parse(answered.stdout)).toMatchObject({ encrypted: false, clocks: null })
    expect(statSync(at('answer.png')).mode & 0o777).toBe(0o600)
    expect(await readQrCodes(new Uint8Array(readFileSync(at('answer.png'))))).toEqual([text])
    expect(await gate.judge(text)).toMatchObject({ colour: 'green', by: 'challenge' })
    const listed = await netcert(['wallet', 'list', '--dir', dir])
    expect(listed.stdout).toMatch(/gate-pass +one-time +7 of 8/)
  })
})

describe('pass print', () => {
  it('prints passes that open a gate which takes paper once each, and none that does not', async () => {
    const { run, at } = await commandPhone(ground)
    const { gate, challenge } = await eventLane(ground, { paper: true })
    writeFileSync(at('gate.txt'), await challenge())
    const words = ['--venue', at('gate.txt'), '--passes', '2', '--out', at('sheet.pdf')]
    const printed = await run('pass', 'print', '--sheet', ...words, '--yes', '--json')
    const { clientId } = ground.venue
    expect(jsonOf(printed)).toMatchObject({ passes: 2, remaining: 6, audience: clientId })
    expect(statSync(at('sheet.pdf')).mode & 0o777).toBe(0o600)
    const codes = await readQrCodes(squaresOf(new Uint8Array(readFileSync(at('sheet.pdf')))))
    expect(codes).toHaveLength(2)
    const strict = await eventLane(ground)
    for (const code of codes) {
      expect(await strict.gate.judge(code)).toMatchObject({ colour: 'red' })
      expect(await gate.judge(code)).toMatchObject({ by: 'paper', entry: expect.any(Number) })
    }
    // Later than the camera takes for the same look at it.
    const { clock, gate: again } = await eventLane(ground, { paper: true })
    const [code = ''] = codes
    expect((await again.judge(code)).colour).not.toBe('red')
    clock.later(60)
    expect(await again.judge(code)).toMatchObject({ colour: 'red' })
  })
})
