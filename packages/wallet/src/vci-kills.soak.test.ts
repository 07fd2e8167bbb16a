import { join } from 'node:path'
import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  buildChildProgram,
  type RunningChild,
  runChildProgram,
} from '../../../test/child-program.js'
import { vciGround } from '../../../test/vci-wallet-ground.js'

const KILLS = 10
const OFFERS = 6

describe('processes that fetch certificates', () => {
  const vci = vciGround()
  const running: RunningChild[] = []
  let program: string

  beforeAll(async () => {
    program = await buildChildProgram('test/faults/wallet-receiver.ts')
  })
  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.child.kill('SIGKILL')
      await one.ended
    }
  })

  async function start(): Promise<RunningChild> {
    const { ground, issuer } = vci
    await ground.domain.publish(ground.folder)
    const offers = Array.from({ length: OFFERS }, () => issuer.offer())
    const dir = join(ground.folder, 'wallet')
    const trust = [join(ground.folder, 'trust-list.jwt'), ground.domain.rootDid]
    const child = runChildProgram(program, [dir, ground.now.toISOString(), ...trust, ...offers])
    running.push(child)
    return child
  }

  it('can be killed at any moment: what was said to be received is there, whole, with its keys', async () => {
    const said: string[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = await start()
      // Half of the kills come while the issuer is being asked, half as a certificate is reported.
      const asked = vci.issuer.asked.length
      await until(() =>
        kill % 2 === 0 ? child.lines.length > 0 : vci.issuer.asked.length > asked + kill,
      )
      child.child.kill('SIGKILL')
      await child.ended
      said.push(...child.lines)
    }
    const wallet = await vci.open({ create: false })
    const certificates = await wallet.list()
    const ids = certificates.map(({ id }) => id)
    expect(said.filter((id) => !ids.includes(id))).toEqual([])
    expect(certificates.every(({ copies, remaining }) => copies === 3 && remaining === 3)).toBe(
      true,
    )
    // Each copy has its key: all of them can be shown.
    const query = parseQuery(queries['age-over-18'])
    for (let copy = 0; copy < certificates.length * 3; copy += 1) {
      await wallet.present({ query, audience: 'https://shop.example', nonce: 'n-0S6_WzA2Mj-1' })
    }
    expect((await wallet.remaining()).map(({ copies }) => copies)).toEqual([0])
  }, 120_000)
})

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited 20 s for a child process')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
