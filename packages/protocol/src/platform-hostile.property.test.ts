import { CredentialError, createJws, type JsonObject, type JsonValue } from '@netcert/credential'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  accreditationContent,
  listedRegistrar,
  platformKey,
  register,
  registrar,
  signRegistrarStatus,
} from '../../../test/accreditation-tokens.js'
import { mint, NOW, present } from '../../../test/trust-ground.js'
import { parseAccreditation, verifyAccreditation } from './accreditation.js'
import { encodeAccreditation } from './accreditation-schema.js'
import { readAccreditationStatusList } from './accreditation-status.js'
import { parseDeletionReply, readDeletionRequest, verifyDeletionAnswer } from './deletion.js'
import { verifyDisclosureReceipt } from './disclosure-receipt.js'
import { ProtocolError } from './errors.js'
import { parseRequestReport } from './request-report.js'

/** A refusal has a code of ours; anything else is a fault. */
const isRefusal = (error: unknown) => error instanceof ProtocolError
async function refusesOrReads(read: () => unknown): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (!isRefusal(error)) throw error
    // Nothing that a stranger wrote is repeated.
    expect(error).toHaveProperty('message', expect.not.stringMatching(/[^\x20-\x7e’]/))
  }
}

const usual = encodeAccreditation(accreditationContent(), register)
const json = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<JsonValue>
/** The usual payload with one or two members replaced by anything, also deep inside. */
const mutated = fc
  .array(fc.tuple(fc.constantFrom(...Object.keys(usual), '__proto__x', 'constructor'), json), {
    minLength: 1,
    maxLength: 2,
  })
  .map((changes): JsonObject => ({ ...usual, ...Object.fromEntries(changes) }))
const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 40 }))

let presentation = ''
beforeAll(async () => {
  presentation = await present(await mint())
})

describe('whatever comes', () => {
  const registrars = [listedRegistrar()]

  it('an accreditation is read or refused with a code', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (payload) => {
        const { signer } = registrar
        const token = await createJws({ header: { typ: 'rc-wrp+jwt' }, payload, signer })
        await refusesOrReads(() => parseAccreditation(token))
        await refusesOrReads(() =>
          verifyAccreditation(token, { registrars, statusLists: new Map(), now: NOW }),
        )
      }),
      { numRuns: 400 },
    )
  })

  it('what is read has claims in every entry, a key, an end, and texts that can be shown', async () => {
    let read = 0
    await fc.assert(
      fc.asyncProperty(mutated, async (payload) => {
        const { signer } = registrar
        const token = await createJws({ header: { typ: 'rc-wrp+jwt' }, payload, signer })
        let accreditation: ReturnType<typeof parseAccreditation>['accreditation']
        try {
          accreditation = parseAccreditation(token).accreditation
        } catch (error) {
          if (!isRefusal(error)) throw error
          return
        }
        read += 1
        const { credentials, issuedAt, expiresAt, requestJwk, name, purpose } = accreditation
        expect(credentials.length).toBeGreaterThan(0)
        for (const { claims } of credentials) expect(claims.length).toBeGreaterThan(0)
        const life = expiresAt.getTime() - issuedAt.getTime()
        expect(life > 0 && life <= 30 * 86_400_000).toBe(true)
        expect(requestJwk).toHaveProperty('x')
        for (const shown of [...Object.values(name), ...Object.values(purpose)]) {
          expect(shown).toMatch(/\S/)
        }
      }),
      { numRuns: 300 },
    )
    expect(read).toBeGreaterThan(5)
  })

  it('texts that are no tokens are refused with a code', async () => {
    const accreditation = parseAccreditation(
      await createJws({ header: { typ: 'rc-wrp+jwt' }, payload: usual, signer: registrar.signer }),
    ).accreditation
    const options = { accreditation, presentation, presentations: [presentation], now: NOW }
    const readers: readonly ((given: string) => unknown)[] = [
      parseAccreditation,
      parseRequestReport,
      parseDeletionReply,
      (given) => readDeletionRequest({ presentation: given }),
      (given) => readAccreditationStatusList(given, { registrars, now: NOW }),
      (given) => verifyDisclosureReceipt(given, options),
      (given) => verifyDeletionAnswer(given, options),
    ]
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        for (const read of readers) await refusesOrReads(() => read(given))
      }),
      { numRuns: 200 },
    )
  })

  it('payloads of receipts, answers and lists by the right key are read or refused', async () => {
    const accreditation = parseAccreditation(
      await createJws({ header: { typ: 'rc-wrp+jwt' }, payload: usual, signer: registrar.signer }),
    ).accreditation
    const options = { accreditation, presentation, presentations: [presentation], now: NOW }
    const names = ['iss', 'iat', 'jti', 'presentations', 'state', 'request', 'due_at', 'reason']
    const payloads = fc.dictionary(fc.constantFrom(...names), json, { noNullPrototype: true })
    await fc.assert(
      fc.asyncProperty(payloads, async (payload) => {
        const sign = (typ: string) =>
          createJws({ header: { typ }, payload: payload as JsonObject, signer: platformKey.signer })
        const receipt = await sign('netcert-receipt+jwt')
        const answer = await sign('netcert-deletion+jwt')
        await refusesOrReads(() => verifyDisclosureReceipt(receipt, options))
        await refusesOrReads(() => verifyDeletionAnswer(answer, options))
        await refusesOrReads(() => parseRequestReport(JSON.stringify(payload)))
      }),
      { numRuns: 200 },
    )
  })

  it('a status list with any bit of it changed is refused with a code', async () => {
    const token = await signRegistrarStatus()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', '.', 'é', '\0'),
        async (at, to) => {
          const changed = token.slice(0, at) + to + token.slice(at + 1)
          if (changed === token) return
          const read = readAccreditationStatusList(changed, { registrars, now: NOW })
          await expect(read).rejects.toSatisfy(
            (error) => error instanceof ProtocolError && !(error instanceof CredentialError),
          )
        },
      ),
      { numRuns: 150 },
    )
  })
})
