import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { connectSigner } from '@netcert/issuer/signer'
import { describe, expect, it } from 'vitest'
import { databasesOn } from '../database-engines.js'
import { holderKeys } from '../issuer-ground.js'
import { signingGround } from '../signing-ground.js'

const launcher = fileURLToPath(new URL('../../scripts/netcert.js', import.meta.url))
const KILLS = 10
const BATCHES = 24

describe('a signer that is killed while it signs', () => {
  const ground = signingGround(databasesOn('sqlite'))

  const start = (): { child: ChildProcess; connection: Duplex } => {
    const words = [launcher, 'signer', '--inherited', '--dir', ground.family.test.dir]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    const connection = child.stdio[3]
    if (!(connection instanceof Duplex)) throw new TypeError('a pipe goes both ways')
    return { child, connection }
  }

  it('has counted all that it gave out, and signs nothing that was counted again', async () => {
    const delivered = new Map<string, readonly string[]>()
    const holderJwks = await holderKeys(4)
    let unanswered = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, connection } = start()
      const signer = connectSigner({ connect: async () => connection })
      await signer.describe()
      const batches: string[] = []
      while (batches.length < BATCHES) batches.push((await ground.plan('one-time', 4)).batch)
      const asked = batches.map(async (batch) => {
        delivered.set(
          batch,
          await signer.sign({ batch, holderJwks, blinded: null, namesKey: true }),
        )
        // Odd rounds kill at the first answer, even ones at some moment.
        if (kill % 2 === 1) child.kill('SIGKILL')
      })
      if (kill % 2 === 0) setTimeout(() => child.kill('SIGKILL'), kill * 4)
      const outcomes = await Promise.allSettled(asked)
      unanswered += outcomes.filter(({ status }) => status === 'rejected').length
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
    expect(unanswered).toBeGreaterThan(KILLS)
    const counted = await ground.counted()
    expect([...delivered.keys()].filter((batch) => counted.get(batch) !== 4)).toEqual([])
    const { certificates, signatures } = ground.opened.ground
    expect(await signatures.mismatch()).toMatchObject({ unplanned: 0, exceeding: 0 })
    for (const batch of counted.keys()) {
      await expect(
        certificates.sign({ batch, holderJwks, blinded: null, namesKey: true }),
      ).rejects.toMatchObject({
        code: 'batch_signed',
      })
    }
  }, 120_000)
})
