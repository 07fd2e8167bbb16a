import { createHash, createHmac, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { decodeBase64Url, dereferenceDidKey } from '@netcert/credential'
import { macOf, openLane, readAdmissionList, readLedgerExport } from '@netcert/verifier/gate'
import { describe, expect, test } from 'vitest'
import { laneNonce } from './gate-nonces.js'
import { tagVisitor } from './gate-tags.js'

type Entry = Record<'gate' | 'lane' | 'by' | 'holder' | 'answer' | 'hash', string> & {
  number: number
  at: number
  person: string | null
}
type Vectors = Record<
  'lane_secret' | 'ledger_key' | 'client_id' | 'lane' | 'event' | 'tickets',
  string
> & {
  nonces: { epoch: number; counter: number; nonce: string }[]
  visitors: Record<'holder_key' | 'nonce' | 'holder' | 'answer', string> &
    { platform_number: string | null; person: string | null }[]
  ledger: { ledger: string; signature: string; entries: Entry[] }
  lane_file: { set_up_code: string; file: string }
}

const file = new URL('../../../../docs/formats/vectors/gate.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const { event, ledger_key: ledgerKey, lane_secret: laneSecret } = vectors

/** As the format pages say it, by another library than the one the gate runs. */
const hmac = (key: string, text: string) =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest()
const short = (bytes: Buffer) => bytes.subarray(0, 16).toString('base64url')

describe('the published vectors of a gate', () => {
  test('nonces', async () => {
    const { client_id: clientId, lane } = vectors
    for (const { epoch, counter, nonce } of vectors.nonces) {
      expect(short(hmac(laneSecret, `${clientId}|${lane}|${epoch}|${counter}`))).toBe(nonce)
      const place = { clientId, lane, epoch, counter }
      expect(await laneNonce(macOf(decodeBase64Url(laneSecret)), place)).toBe(nonce)
    }
  })

  test('tags of visitors', async () => {
    const context = 'netcert/gate-ledger/v1'
    for (const one of vectors.visitors as unknown as Record<string, string | null>[]) {
      const tag = (...members: readonly unknown[]) =>
        short(hmac(ledgerKey, [context, ...members].join('|')))
      const { holder_key: key, nonce, platform_number: number } = one
      const person = number === null ? null : tag('person', event, number)
      const tags = {
        holder: tag('holder', event, key),
        person,
        answer: tag('answer', event, key, nonce),
      }
      expect(one).toMatchObject(tags)
      const made = {
        event,
        holderKey: String(key),
        nonce: String(nonce),
        platformNumber: number ?? null,
      }
      expect(await tagVisitor(macOf(decodeBase64Url(ledgerKey)), made)).toEqual(tags)
    }
  })

  test('an exported ledger: its chain and its signature', async () => {
    const { ledger } = vectors
    let before = ''
    for (const { number, gate, lane, at, by, holder, person, answer, hash } of ledger.entries) {
      const members = [before, ledger.ledger, event, number, gate, lane, at, by, holder]
      const text = [...members, person ?? '', answer].join('|')
      expect(createHash('sha256').update(text).digest('base64url')).toBe(hash)
      before = hash
    }
    const [header = '', payload = '', signature = ''] = ledger.signature.split('.')
    const read = (part: string) =>
      JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, string>
    expect(read(payload)).toMatchObject({ event, entries: 2, hash: before })
    const { kid = '' } = read(header)
    const key = createPublicKey({ key: dereferenceDidKey(kid), format: 'jwk' })
    const raw = Buffer.from(signature, 'base64url')
    const signed = Buffer.from(`${header}.${payload}`)
    expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true)
    const signedBy = kid.slice(0, kid.indexOf('#'))
    const exported = await readLedgerExport(JSON.stringify(ledger), { signedBy })
    expect(exported.entries).toHaveLength(2)
  })

  test('a list of tickets', async () => {
    const end = vectors.tickets.lastIndexOf('mac ')
    const mac = hmac(ledgerKey, `netcert/gate-tickets/v1\n${vectors.tickets.slice(0, end)}`)
    expect(vectors.tickets.slice(end)).toBe(`mac ${mac.toString('base64url')}\n`)
    const tagMac = macOf(decodeBase64Url(ledgerKey))
    const list = await readAdmissionList(vectors.tickets, { tagMac, event, notBefore: null })
    expect(list.size).toBe(2)
    expect(list.has((vectors.visitors[1] as unknown as { person: string }).person)).toBe(true)
  })

  test('a lane file', async () => {
    const { file: sealed, set_up_code: code } = vectors.lane_file
    const lane = await openLane(sealed, code)
    expect(lane).toMatchObject({ gate: 'north', lane: 'n1', clientId: vectors.client_id })
    expect(Buffer.from(lane.laneSecret).toString('base64url')).toBe(laneSecret)
  })
})
