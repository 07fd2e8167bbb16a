import { parseQuery } from '@netcert/protocol'
import { queries } from '@netcert/schemas'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  accreditedToSignIn,
  createPerson,
  numberedCopy,
  presentNumbered,
} from '../../../test/accreditation-ground.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { later, testNow } from '../../../test/trust-domain.js'
import { createVpGround } from '../../../test/vp-platform-ground.js'
import {
  encryptAnswer,
  hear,
  membersOf,
  postForm,
  readVpRequest,
} from '../../../test/vp-wallet-ground.js'
import { accountKeyOf } from './account-key.js'
import { type VerificationResult, verifiedByOtherMeans } from './result.js'
import type { PresentationResult } from './vp-outcome.js'

const signIn = parseQuery(queries['sign-in'])
const seen: PresentationResult[] = []

/** What the shop itself knows of people it checked at its counter, by a cookie of its own. */
const atTheCounter = (): VerificationResult =>
  verifiedByOtherMeans({
    ...{ checkedBy: 'https://shop.example/counter', role: 'self', platformNumber: 'customer-7' },
    ...{ assurance: 'document', facts: { real_person: 'document' } },
    ...{ checkedAt: later(-60), now: testNow },
  })

const ground = openedForAll(() =>
  createVpGround({
    accredit: accreditedToSignIn,
    queries: { 'sign-in': signIn },
    parts: {
      otherMeans: ({ header }, question) =>
        header('cookie')?.includes('counter=yes') === true && question === 'sign-in'
          ? atTheCounter()
          : null,
    },
    page: ({ certificate }, request, response) => {
      void certificate('sign-in')(request, response, () => {
        const { netcert } = request as { netcert?: PresentationResult }
        if (netcert !== undefined) seen.push(netcert)
        response.setHeader('content-type', 'application/json')
        response.end('{"ok":true}')
      })
    },
  }),
)

/** A browser that started, with the person's wallet having answered as told. */
async function startAndAnswer(nonce?: string): Promise<string> {
  const started = await fetch(`${ground.baseUrl}/start?query=sign-in`, { method: 'POST' })
  const { request_uri: link } = (await started.json()) as { request_uri: string }
  const read = await readVpRequest(link)
  const copy = await numberedCopy(ground.domain, createPerson())
  const shown = { audience: read.clientId, nonce: nonce ?? read.request.nonce }
  const presentation = await presentNumbered(copy, shown)
  const members = membersOf(read.request, { certificate: [presentation] })
  await postForm(read.request.response_uri ?? '', {
    response: await encryptAnswer(read.request, members),
  })
  return (started.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/** Through express, as a request of the shop's page. */
async function throughExpress(cookie: string): Promise<PresentationResult | undefined> {
  seen.length = 0
  await hear(await fetch(`${ground.origin}/enter`, { method: 'POST', headers: { cookie } }))
  return seen[0]
}

/** Through the handler of the Fetch API. */
const throughFetch = (cookie: string): Promise<PresentationResult> =>
  ground.platform.redeem({ header: (name) => (name === 'cookie' ? cookie : null) }, 'sign-in')

/** Every key and the kind of every value; of claims only that they are an object. */
function shapeOf(value: unknown, name = ''): unknown {
  if (value instanceof Date) return 'instant'
  if (value === null || typeof value !== 'object') return typeof value
  if (['facts', 'credentials', 'retention'].includes(name)) return 'object'
  const entries = Object.entries(value).map(([key, inner]) => [key, shapeOf(inner, key)])
  return Object.fromEntries(entries)
}

describe('a person without a certificate', () => {
  it('reaches the same code with a result of the same shape, through both frameworks', async () => {
    const certificate = await throughExpress(await startAndAnswer())
    const counter = await throughExpress('counter=yes')
    expect(certificate?.means).toBe('certificate')
    expect(counter?.means).toBe('other')
    const wanted = { ...(shapeOf(certificate) as object), retention: 'object' }
    const shapes = [
      counter,
      await throughFetch(await startAndAnswer()),
      await throughFetch('counter=yes'),
    ]
    for (const other of shapes) {
      // null where nobody was accredited: the key is there.
      expect({ ...(shapeOf(other) as object), retention: 'object' }).toEqual(wanted)
    }
    expectTypeOf(throughFetch).returns.resolves.toEqualTypeOf<PresentationResult>()
    expectTypeOf(atTheCounter).returns.toExtend<
      Pick<PresentationResult, keyof VerificationResult>
    >()
  })

  it('has an account in the same way, which no certificate opens', async () => {
    const counter = accountKeyOf(await throughFetch('counter=yes'))
    const certificate = accountKeyOf(await throughFetch(await startAndAnswer()))
    expect(counter).toBe('self|customer-7|https://shop.example/counter')
    expect(certificate).not.toBe(counter)
  })

  it('is asked for one where the platform did not check them either', async () => {
    await expect(throughFetch('counter=no')).rejects.toMatchObject({ code: 'transaction_missing' })
    expect(await throughExpress('counter=no')).toBeUndefined()
  })

  it('never gets past a certificate that was refused', async () => {
    const cookie = `${await startAndAnswer('another-nonce')}; counter=yes`
    await expect(throughFetch(cookie)).rejects.toMatchObject({ code: 'kb_nonce' })
  })
})
