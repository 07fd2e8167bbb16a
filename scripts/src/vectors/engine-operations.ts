import {
  algorithmOfJwk,
  assertClaimValues,
  createDidKey,
  CredentialError,
  decodeBase58,
  dereferenceDidKey,
  digestDisclosure,
  type HashAlgorithm,
  hashAlgorithms,
  isJsonArray,
  type JsonObject,
  parseDisclosure,
  parsePublicJwk,
  type PublicJwk,
  resolveDidKey,
  splitJws,
  verifyJws,
  verifySdJwt,
} from '@netcert/credential'
import { importVerifyingKey, verifySignature } from '@netcert/credential/crypto'
import { chooseDisclosures, inspectSdJwt, selectDisclosures } from '@netcert/credential/holder'
import { createKeyPair } from './key-pair.js'
import { listOf, numberOf, objectOf, type Operations, textOf, type Vector } from './operation.js'
import { algorithmsOf, limitsOf, policyOf } from './sd-jwt-context.js'

/** Operations of the families did-key, jws and sd-jwt. */
export const engineOperations: Operations = {
  resolve: ({ input, context }) => {
    const { did } = input
    const resolved = resolveDidKey(boundedDid(did, context))
    return { did: resolved.did, kid: resolved.keyId, jwk: supported(resolved.jwk, context) }
  },
  dereference: ({ input, context }) => {
    return { jwk: supported(dereferenceDidKey(boundedDid(input['url'], context)), context) }
  },
  encode: ({ input, context }) => {
    return { did: createDidKey(supported(parsePublicJwk(input['jwk']), context)) }
  },
  keypair: async ({ input }) => createKeyPair(input),
  base58btc_decode: ({ input }) => {
    const text = textOf(input, 'text')
    if (!text.startsWith('z')) throw new CredentialError('unsupported_multibase', 'not base58btc')
    return { bytes_hex: Buffer.from(decodeBase58(text.slice(1))).toString('hex') }
  },
  verify_jws: verifyJwsVector,
  verify_raw: verifyRawVector,
  verify: verifySdJwtVector,
  holder_receive: async (vector) => {
    const outputs = await verifySdJwtVector(vector)
    await inspectSdJwt(sdJwtOf(vector.input))
    return outputs
  },
  holder_present: async (vector) => {
    const index = await receive(vector)
    const choice = listOf(vector.input, 'choose').map(Number)
    return { presentation: selectDisclosures(index, choice) }
  },
  holder_present_paths: async (vector) => {
    const index = await receive(vector)
    const paths = listOf(vector.input, 'paths').map((path) => (isJsonArray(path) ? path : [path]))
    const steps = paths.map((path) => path.map((step) => (step === null ? null : scalar(step))))
    return { disclosed: chooseDisclosures(index, steps) }
  },
  issuer_check_claims: ({ input }) => {
    assertClaimValues(objectOf(input, 'claims'))
    return {}
  },
  disclosure_digest: ({ input, context }) => {
    const encoded = textOf(input, 'disclosure')
    const { salt, name, value } = parseDisclosure(encoded, limitsOf(context))
    return {
      digest: digestDisclosure(hashAlgorithmOf(input), encoded),
      contents: name === null ? [salt, value] : [salt, name, value],
    }
  },
}

/** Operations for features that are OPTIONAL and left out; docs/conformance.md gives the reasons. */
export const leftOutOperations: Readonly<Record<string, string>> = {
  verify_json: 'the JSON serialization of RFC 9901 §8 is OPTIONAL and left out',
  frame_roundtrip: 'frames are the syntax of one library; claims are chosen by path here',
}

async function verifySdJwtVector({ input, context }: Vector): Promise<JsonObject> {
  const { payload } = await verifySdJwt(sdJwtOf(input), await policyOf(context))
  return { processed_payload: payload }
}

/** Something that is no text at all is no SD-JWT either. */
function sdJwtOf({ sd_jwt: text }: JsonObject): string {
  if (typeof text === 'string') return text
  throw new CredentialError('malformed_serialization', 'An SD-JWT is a text.')
}

/** A holder checks what it receives before it presents any of it. */
async function receive(vector: Vector) {
  await verifySdJwtVector(vector)
  return inspectSdJwt(sdJwtOf(vector.input))
}

const verifyKeyOf = async (jwk: PublicJwk) => importVerifyingKey(jwk)

async function verifyJwsVector({ input, context }: Vector): Promise<JsonObject> {
  const jws = splitJws(textOf(input, 'jws'), {
    algorithms: algorithmsOf(context),
    maxDepth: limitsOf(context).maxDepth,
  })
  await verifyJws(jws, await verifyKeyOf(parsePublicJwk(context['jwk'])))
  return {}
}

async function verifyRawVector({ input }: Vector): Promise<JsonObject> {
  const jwk = parsePublicJwk(input['jwk'])
  if (algorithmOfJwk(jwk) !== input['alg']) {
    throw new CredentialError('alg_key_mismatch', 'The algorithm is not the one of the key.')
  }
  const message = bytesOf(input, 'msg_hex')
  if (await verifySignature(await verifyKeyOf(jwk), message, bytesOf(input, 'sig_hex'))) return {}
  throw new CredentialError('bad_signature', 'The signature does not belong to this message.')
}

function boundedDid(did: unknown, context: JsonObject): unknown {
  if (typeof did === 'string' && did.length > numberOf(context, 'max_did_chars', 256) * 2 + 1) {
    throw new CredentialError('too_large', 'The identifier is too long.')
  }
  return did
}

function supported(jwk: PublicJwk, context: JsonObject): PublicJwk {
  const names = listOf(context, 'supported')
  if (names.length === 0 || names.includes(jwk.crv)) return jwk
  throw new CredentialError('unsupported_key_type', 'The kind of key is not supported here.')
}

function hashAlgorithmOf(input: JsonObject): HashAlgorithm {
  const alg = hashAlgorithms.find((name) => name === input['alg'])
  if (alg !== undefined) return alg
  throw new CredentialError('sd_alg_unsupported', 'The hash algorithm is not known here.')
}

function bytesOf(input: JsonObject, name: string): Uint8Array {
  return Uint8Array.from(Buffer.from(textOf(input, name), 'hex'))
}

function scalar(step: unknown): string | number {
  if (typeof step === 'string' || typeof step === 'number') return step
  throw new TypeError('a path step is neither a name nor a position')
}
