import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { generateSigner, verifyReceivedCredential } from '@netcert/credential'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Beat,
  openTrustSource,
  type TrustSource,
} from '../../packages/verifier/src/trust-source.js'
import { databasesOn } from '../database-engines.js'
import { issuerFamily } from '../issuer-family.js'

const VERIFIERS = 12

/** Things that happen at instants of their own, on a clock that jumps from one to the next. */
function schedule(begin: Date) {
  let now = begin.getTime()
  const due: { at: number; work: () => Promise<void> }[] = []
  const beat: Beat = (milliseconds, work) => {
    const entry = { at: now + milliseconds, work }
    due.push(entry)
    return () => void due.splice(due.indexOf(entry), 1)
  }
  return {
    beat,
    clock: () => new Date(now),
    async next() {
      due.sort((a, b) => a.at - b.at)
      const first = due.shift()
      if (first === undefined) throw new Error('nothing is due')
      now = first.at
      await first.work()
    },
  }
}

describe('a stolen key of certificates', () => {
  const family = issuerFamily(databasesOn('sqlite'))
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })
  const out = () => join(family.folder, 'public')

  async function servePublished(): Promise<string> {
    const server = createServer((request, response) => {
      readFile(join(out(), request.url ?? '')).then(
        (body) => response.end(body),
        () => response.writeHead(404).end(),
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async function openVerifier(
    name: string,
    lists: { readonly url: string } | { readonly dir: string },
    ground: Pick<ReturnType<typeof schedule>, 'clock' | 'beat'>,
  ): Promise<TrustSource> {
    const dir = join(family.folder, name)
    await mkdir(dir)
    const { rootDid: root } = family.test
    const settings = { base_url: 'https://shop.example', root_did: root, lists }
    const rest = { freshness: 'grace-24h', created_at: '' }
    await writeFile(join(dir, 'verifier.json'), JSON.stringify({ ...settings, ...rest }))
    const onError = (error: unknown) => expect.unreachable(String(error))
    const source = await openTrustSource({ dir, ...ground, allowHttpLoopback: true, onError })
    closing.push(source.close)
    return source
  }

  /** Seconds from the publication until the last of these verifiers refuses what the thief signs. */
  async function lastRefusal(lists: { readonly url: string } | { readonly dir: string }) {
    const time = schedule(family.now)
    const { jwk } = await generateSigner('ES256')
    const { credentials } = await family.mint({ holderJwks: [jwk] })
    const refuses = async (source: TrustSource) =>
      verifyReceivedCredential(source.trust(), credentials[0]!, {
        now: time.clock(),
        holderJwk: jwk,
      }).then(
        () => false,
        ({ code }: { code: string }) => code === 'key_revoked',
      )
    const sources = await Promise.all(
      Array.from({ length: VERIFIERS }, (_, index) =>
        openVerifier(`${Object.keys(lists)[0]}-${index}`, lists, time),
      ),
    )
    // The thief is found out at some moment between the looks of the verifiers.
    for (let looks = 0; looks < VERIFIERS * 1.5; looks++) await time.next()
    family.now = time.clock()
    await family.issuer.keys.revoke({ alias: 'issuer-1', since: family.now })
    await family.issuer.keys.next({ use: 'credential' })
    await family.issuer.keys.activate({ use: 'credential', emergency: true })
    await family.issuer.publish({ out: out() })
    const begin = time.clock().getTime()
    for (const source of sources) {
      while (!(await refuses(source))) await time.next()
    }
    return (time.clock().getTime() - begin) / 1000
  }

  it('is refused within six minutes by all verifiers that fetch lists', async () => {
    await family.issuer.publish({ out: out() })
    const seconds = await lastRefusal({ url: await servePublished() })
    console.info(`stolen key: ${VERIFIERS} verifiers by URL, last refusal after ${seconds} s`)
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(360)
  })

  it('is refused within twelve seconds by all verifiers beside a folder of lists', async () => {
    await family.issuer.publish({ out: out() })
    const seconds = await lastRefusal({ dir: out() })
    console.info(`stolen key: ${VERIFIERS} verifiers by folder, last refusal after ${seconds} s`)
    expect(seconds).toBeLessThanOrEqual(12)
  })
})
