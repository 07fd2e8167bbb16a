import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deferredResponseSchema, issuedResponseSchema, parseOfferLink } from '@netcert/protocol'
import { describe, expect, it } from 'vitest'
import {
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn } from '../../../test/database-engines.js'
import { openedForAll } from '../../../test/opened-for-all.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

describe('the database of an issuer on the wire', () => {
  const databases = databasesOn('sqlite')
  const test = openedForAll(() => startCredentialIssuer({ databases }))

  /** Every byte of database and log. */
  const kept = async () => {
    const names = (await readdir(test.dir)).filter((name) => name.startsWith('issuer.sqlite'))
    const files = await Promise.all(names.map((name) => readFile(join(test.dir, name))))
    return Buffer.concat(files)
  }

  it('holds no code, nonce, name of a transaction, holder key or certificate in clear', async () => {
    const marks: string[] = []
    const made = await test.offers.createOffer({
      citizen: test.adult,
      types: ['network-certificate'],
      grant: 'pre-authorized',
      deferred: true,
      txCode: 'generate',
    })
    const link = parseOfferLink(made.offerUri)
    const grants = link.kind === 'value' ? link.offer.grants : undefined
    marks.push(grants![GRANT]!['pre-authorized_code'], `"${made.txCode}"`)
    for (const token of [test.grant({}), test.grant({ offer: made.offer })]) {
      const keys = await newHolderKeys(2)
      const nonce = await test.nonce()
      const jwt = await proofsOf(keys, { nonce, now: test.now })
      const body = { credential_configuration_id: 'network-certificate', proofs: { jwt } }
      const answer: unknown = await (await test.post('/credential', { token, body })).json()
      const issued = issuedResponseSchema.safeParse(answer)
      const deferred = deferredResponseSchema.safeParse(answer)
      marks.push(nonce, jwt[0]!.split('.')[2]!, keys[0]!.jwk.x, keys[1]!.jwk.x)
      if (issued.success) {
        const [first] = issued.data.credentials
        marks.push(issued.data.notification_id!, first!.credential.split('~')[1]!)
        marks.push(first!.credential.split('~')[0]!.split('.')[2]!)
      } else {
        marks.push(deferred.data!.transaction_id)
      }
    }
    const bytes = await kept()
    expect(bytes.length).toBeGreaterThan(10_000)
    expect(marks).toHaveLength(14)
    expect(marks.filter((mark) => bytes.includes(mark))).toEqual([])
    // The search would find what is there.
    expect(bytes.includes(test.adult)).toBe(true)
  })

  it('is told nothing that an error repeats', async () => {
    const secret = 'PERSON-4711'
    const sent = [
      { credential_configuration_id: secret, proofs: { jwt: [secret] } },
      { credential_identifier: secret, [secret]: secret },
      { proofs: { [secret]: secret }, credential_configuration_id: 'gate-pass' },
      `{"${secret}":`,
    ]
    for (const path of ['/credential', '/deferred-credential', '/notification']) {
      for (const body of sent) {
        const response = await test.post(path, { token: test.grant({}), body })
        expect(response.status).toBe(400)
        const told = `${await response.text()}${JSON.stringify([...response.headers])}`
        expect(told).not.toContain(secret)
        expect(told).not.toContain(test.adult)
      }
    }
  })
})
