import {
  CredentialError,
  createJws,
  generateSigner,
  type JsonObject,
  type JsonValue,
} from '@netcert/credential'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseClientIdentifier } from './client-identifier.js'
import { proveDcApiRequest } from './dc-api.js'
import { ProtocolError } from './errors.js'
import { checkRequest } from './presentation-request.js'
import { proveRequest } from './proven-request.js'
import { readRequestObject } from './request-object.js'
import { parseTransactionData } from './transaction-data.js'
import { parseRequestLink } from './vp-request-url.js'
import { encryptedAnswerOf, parseAnswer, parseAnswerReply } from './vp-response.js'
import { verifyCertificateChain } from './x509-chain.js'

const now = new Date('2026-03-01T08:00:00Z')
const trust = { anchors: 'none known', attesters: [], now } as const
const { signer } = await generateSigner('ES256')
const clientId = `decentralized_identifier:${signer.did}`

/** A refusal has a code of ours; anything else is a fault. */
const isRefusal = (error: unknown) =>
  error instanceof ProtocolError || error instanceof CredentialError

function refusesOrReads(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}
async function refusesOrProves(prove: Promise<unknown>): Promise<void> {
  await prove.catch((error: unknown) => {
    if (!isRefusal(error)) throw error
  })
}

const text = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 40 }))
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>
const members = [
  ...['response_type', 'response_mode', 'nonce', 'client_id', 'state', 'response_uri'],
  ...['redirect_uri', 'dcql_query', 'scope', 'client_metadata', 'transaction_data'],
  ...['verifier_info', 'expected_origins', 'wallet_nonce', 'aud', 'iss', 'iat', 'nbf', 'exp'],
]
const usual: JsonObject = {
  response_type: 'vp_token',
  response_mode: 'direct_post',
  client_id: clientId,
  nonce: 'n',
  response_uri: 'https://shop.example/response',
  aud: 'https://self-issued.me/v2',
  dcql_query: {
    credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['urn:a'] } }],
  },
}
/** A request of which some members are anything at all. */
const payload = fc
  .dictionary(fc.constantFrom(...members), json, { maxKeys: 4, noNullPrototype: true })
  .map((changes): JsonObject => ({ ...usual, ...changes }))

describe('whatever somebody sends', () => {
  it('is read or refused with a code: links, identifiers, objects, transaction data', () => {
    fc.assert(
      fc.property(text, (anything) => {
        refusesOrReads(() => parseRequestLink(anything))
        refusesOrReads(() => parseRequestLink(`openid4vp://?${anything}`))
        refusesOrReads(() => parseClientIdentifier(anything))
        refusesOrReads(() => readRequestObject(anything))
        refusesOrReads(() => readRequestObject(`${anything}.${anything}.`))
        refusesOrReads(() => parseTransactionData(anything))
        refusesOrReads(() => parseAnswerReply(anything))
      }),
      { numRuns: 500 },
    )
  })

  it('is read or refused with a code: answers', () => {
    const form = fc.dictionary(
      fc.oneof(fc.constantFrom('vp_token', 'error', 'state', 'response'), text),
      fc.oneof(json, text),
    )
    fc.assert(
      fc.property(form, (given) => {
        refusesOrReads(() => parseAnswer(given))
        refusesOrReads(() => encryptedAnswerOf(given))
      }),
      { numRuns: 500 },
    )
  })

  it('is proven or refused with a code: requests that are signed as they should be', async () => {
    await fc.assert(
      fc.asyncProperty(payload, async (given) => {
        const header = { typ: 'oauth-authz-req+jwt', kid: signer.keyId }
        const jws = await createJws({ header, payload: given, signer })
        const options = { clientId, walletNonce: null, requestUri: null, trust }
        const judge = async () => {
          const proven = await proveRequest(readRequestObject(jws), options)
          return checkRequest(proven, { transactionTypes: [] })
        }
        await refusesOrProves(judge())
      }),
      { numRuns: 300 },
    )
  })

  it('is proven or refused with a code: requests of web pages, certificate chains', async () => {
    const protocols = fc.constantFrom('unsigned', 'signed', 'multisigned')
    const data = fc.oneof(payload, fc.record({ request: json }))
    await fc.assert(
      fc.asyncProperty(protocols, data, json, async (kind, given, x5c) => {
        const request = { protocol: `openid4vp-v1-${kind}`, data: given }
        const options = { origin: 'https://shop.example', trust }
        const proving = proveDcApiRequest(request, options)
        await refusesOrProves(proving.then((it) => checkRequest(it, { transactionTypes: [] })))
        await refusesOrProves(verifyCertificateChain({ x5c, anchors: 'none known', now }))
      }),
      { numRuns: 300 },
    )
  })

  it('is never repeated in the message of a refusal', () => {
    const secret = 'xSECRETx'
    const links = [
      `openid4vp://?client_id=${secret}&request=${secret}&request_uri=${secret}`,
      `${secret}://?client_id=a`,
      `openid4vp://?client_id=a&dcql_query=${secret}`,
    ]
    const reads = [
      ...links.map((link) => () => parseRequestLink(link)),
      () => parseClientIdentifier(secret),
      () => parseClientIdentifier(`${secret}:a`),
      () => readRequestObject(`${secret}.${secret}.${secret}`),
      () => parseTransactionData(secret),
      () => parseAnswer({ vp_token: secret }),
      () => parseAnswer({ vp_token: { [secret]: secret } }),
    ]
    for (const read of reads) {
      expect(read).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }),
      )
    }
  })
})
