import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buildChildProgram,
  type RunningChild,
  runChildProgram,
} from '../../../test/child-program.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { freePort } from '../../../test/free-port.js'
import { temporaryFolder } from '../../../test/issuer-ground.js'
import { type ServedIssuer, serveTestIssuer } from '../../../test/issuer-server-ground.js'
import { authorize, CLIENT_ID, codeForm, postToken } from '../../../test/oauth-flow.js'
import { createDpopKey, createProof, type DpopKey, type Form } from '../../../test/oauth-wallet.js'

const ROUNDS = 5

async function isReady({ lines, ended }: RunningChild): Promise<void> {
  const over = ended.then(() => true)
  while (!lines.includes('ready')) {
    const pause = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 50))
    if (await Promise.race([over, pause])) throw new Error('the process ended')
  }
}

describe.each(engines)('two processes of one issuer on %s', (engine) => {
  const databases = databasesOn(engine)
  const children: RunningChild[] = []
  const ports: number[] = []
  let files: Awaited<ReturnType<typeof temporaryFolder>>
  let served: ServedIssuer

  const urlFile = async (name: string): Promise<string | undefined> => {
    const location = await databases.location()
    if ('sqlite' in location) return undefined
    const file = join(files.path, name)
    await writeFile(file, `${location.postgres}\n`, { mode: 0o600 })
    return file
  }

  beforeAll(async () => {
    files = await temporaryFolder()
    const databaseUrlFile = await urlFile('issuer-url')
    const sourceDatabaseUrlFile = await urlFile('source-url')
    served = await serveTestIssuer({
      citizens: 2 * ROUNDS,
      ...(databaseUrlFile === undefined ? {} : { databaseUrlFile }),
      ...(sourceDatabaseUrlFile === undefined ? {} : { sourceDatabaseUrlFile }),
    })
    const program = await buildChildProgram('test/issuer-server-program.ts')
    for (let at = 0; at < 2; at++) {
      const port = await freePort()
      ports.push(port)
      children.push(runChildProgram(program, [served.dir, String(port)]))
    }
    await Promise.all(children.map(isReady))
  }, 120_000)
  afterAll(async () => {
    for (const { child } of children) child.kill('SIGKILL')
    await Promise.all(children.map(({ ended }) => ended))
    await served.close()
    await files.remove()
  })

  /** The same request to both processes at once; each proof is another one. */
  const both = async (form: Form, key: DpopKey | undefined) => {
    const url = `${served.url}/token`
    const send = async (port: number, nonce: string | undefined) => {
      const proof =
        key === undefined ? {} : { dpop: await createProof(key, { method: 'POST', url, nonce }) }
      const answer = await fetch(`http://127.0.0.1:${port}/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...proof },
        body: new URLSearchParams(form).toString(),
      })
      await answer.arrayBuffer()
      return answer
    }
    // The nonces follow from the master key, so that of one process is good at the other.
    const probe = key === undefined ? undefined : await send(ports[0]!, undefined)
    const nonce = probe?.headers.get('dpop-nonce') ?? undefined
    const answers = await Promise.all([...ports, ...ports].map((port) => send(port, nonce)))
    return answers.map(({ status }) => status).toSorted((one, other) => one - other)
  }

  it('redeem an authorization code once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const authorized = await authorize(served)
      expect(await both(codeForm(authorized), authorized.key)).toEqual([200, 400, 400, 400])
    }
  }, 60_000)

  it('redeem a pre-authorized code once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { secret } = await served.offer({})
      const form = {
        grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
        'pre-authorized_code': secret,
      }
      expect(await both(form, undefined)).toEqual([200, 400, 400, 400])
    }
  }, 60_000)

  it('rotate a refresh token once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const key = await createDpopKey()
      const { secret } = await served.offer({})
      const first = await postToken(
        served,
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
          'pre-authorized_code': secret,
          client_id: CLIENT_ID,
        },
        key,
      )
      const form = {
        client_id: CLIENT_ID,
        grant_type: 'refresh_token',
        refresh_token: String(first.body['refresh_token']),
      }
      expect((await both(form, key)).filter((status) => status === 200).length).toBeLessThan(2)
    }
  }, 60_000)
})
