import { createEncryptionKey, encryptMessage, publicEncryptionJwk } from '@netcert/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type CredentialIssuerGround,
  newHolderKeys,
  proofsOf,
  startCredentialIssuer,
} from '../../../test/credential-issuer-ground.js'
import { databasesOn, engines } from '../../../test/database-engines.js'
import { createRequestKeyStore } from './vci-request-key-store.js'
import {
  createRequestKeys,
  REQUEST_KEY_GRACE_SECONDS,
  REQUEST_KEY_SECONDS,
} from './vci-request-keys.js'

type Announced = { kid: string; x: string; y: string }

describe.each(engines)('keys that requests are encrypted to, on %s', (engine) => {
  const databases = databasesOn(engine)
  let test: CredentialIssuerGround

  beforeEach(async () => {
    test = await startCredentialIssuer({ databases })
  })
  afterEach(() => test.close())

  const pass = (seconds: number) => {
    test.now = new Date(test.now.getTime() + seconds * 1000)
  }
  const announced = async (headers: Record<string, string> = {}): Promise<Announced[]> => {
    const address = `${test.origin}/.well-known/openid-credential-issuer/tenant`
    const response = await fetch(address, { headers })
    const text = await response.text()
    const signed = headers['accept'] === 'application/jwt'
    const payload = signed ? Buffer.from(text.split('.')[1]!, 'base64url').toString() : text
    const metadata = JSON.parse(payload) as {
      credential_request_encryption: { jwks: { keys: Announced[] } }
    }
    return metadata.credential_request_encryption.jwks.keys
  }
  const newest = async () => (await announced())[0]!
  /** Asks for a certificate in a message to one key. */
  const ask = async ({ kid, x, y }: Announced) => {
    const nonce = await test.nonce()
    const jwt = await proofsOf(await newHolderKeys(1), { nonce, now: test.now })
    const payload = { credential_configuration_id: 'network-certificate', proofs: { jwt } }
    const recipient = { kty: 'EC', crv: 'P-256', alg: 'ECDH-ES', use: 'enc', kid, x, y } as const
    const body = await encryptMessage({ payload, recipient, enc: 'A128GCM' })
    const headers = { 'content-type': 'application/jwt' }
    const response = await test.post('/credential', { token: test.grant({}), body, headers })
    return response.status
  }
  const rows = () =>
    test.ground.database.kysely.selectFrom('vci_request_keys').selectAll().execute()
  const anotherProcess = () => {
    const { database, vault } = test.ground
    const store = createRequestKeyStore(database)
    return createRequestKeys({ store, vault, clock: () => test.now })
  }

  it('stay for 30 days, and then metadata names a new one, plain and signed', async () => {
    const first = await newest()
    pass(REQUEST_KEY_SECONDS - 1)
    expect(await newest()).toEqual(first)
    pass(1)
    const second = await newest()
    expect(second.kid).not.toBe(first.kid)
    expect(second.x).not.toBe(first.x)
    expect((await announced({ accept: 'application/jwt' }))[0]).toEqual(second)
    expect(await ask(second)).toBe(200)
  })

  it('are followed at once in signed metadata that was kept', async () => {
    pass(REQUEST_KEY_SECONDS - 10)
    const [before] = await announced({ accept: 'application/jwt' })
    pass(REQUEST_KEY_SECONDS)
    const [after] = await announced({ accept: 'application/jwt' })
    expect(after!.kid).not.toBe(before!.kid)
  })

  it('open messages for two days after the next came, newest first, and then no more', async () => {
    const first = await newest()
    pass(REQUEST_KEY_SECONDS)
    const second = await newest()
    pass(REQUEST_KEY_GRACE_SECONDS - 1)
    const accepted = await test.ground.requestKeys.accepted()
    expect(accepted.map(({ kid }) => kid)).toEqual([second.kid, first.kid])
    expect(await ask(first)).toBe(200)
    pass(1)
    expect(await ask(first)).toBe(400)
    expect(await ask(second)).toBe(200)
  })

  it('are erased after that: nothing the issuer keeps opens a message to them', async () => {
    const first = await newest()
    const kept = (await rows()).find(({ kid }) => kid === first.kid)!
    pass(REQUEST_KEY_SECONDS)
    await newest()
    pass(REQUEST_KEY_GRACE_SECONDS)
    await newest()
    const left = await rows()
    expect(left.map(({ kid }) => kid)).not.toContain(first.kid)
    expect(JSON.stringify(left)).not.toContain(kept.sealed)
    const opening = await anotherProcess().accepted()
    expect(opening.map(({ kid }) => kid)).not.toContain(first.kid)
    // And it follows from nothing: another issuer process makes another key each time.
    expect(new Set(opening.map(({ d }) => d)).size).toBe(opening.length)
  })

  it('are one key for all processes that begin a generation at once', async () => {
    pass(REQUEST_KEY_SECONDS)
    const processes = Array.from({ length: 12 }, () => anotherProcess())
    const keys = await Promise.all(processes.map((one) => one.announced()))
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1)
    expect(keys[0]!.kid).toBe((await newest()).kid)
  })

  it('are changed at once by an operator; what is under way is opened, unless one was stolen', async () => {
    const first = await newest()
    const { keys } = test.issuer
    const { generation, kid } = await keys.rotateEncryption({ stolen: false })
    expect(generation).toBe(2)
    expect((await newest()).kid).toBe(kid)
    expect(await ask(first)).toBe(200)
    await keys.rotateEncryption({ stolen: true })
    expect([await ask(first), await ask(await newest())]).toEqual([400, 200])
    expect(await rows()).toHaveLength(1)
  })

  it('open nothing that was encrypted to another key of their name', async () => {
    const { kid } = await newest()
    const foreign = publicEncryptionJwk(await createEncryptionKey(kid))
    expect(await ask({ kid, x: foreign.x, y: foreign.y })).toBe(400)
  })

  it('are announced from their seal, whatever else is written beside it', async () => {
    const real = await newest()
    const { kysely } = test.ground.database
    await kysely.updateTable('vci_request_keys').set({ kid: 'another' }).execute()
    const address = `${test.origin}/.well-known/openid-credential-issuer/tenant`
    expect((await fetch(address)).status).toBe(500)
    await kysely.updateTable('vci_request_keys').set({ kid: real.kid }).execute()
    expect(await newest()).toEqual(real)
  })
})
