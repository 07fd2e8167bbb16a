import { CredentialError, parsePublicJwk } from '@netcert/credential'
import {
  type CredentialRequest,
  credentialRequestSchema,
  decryptMessage,
  type EncryptionJwk,
  encryptMessage,
  messageLimits,
  parseMessage,
  type ResponseEncryption,
  responseEncryptionSchema,
} from '@netcert/protocol'
import type { VerifiedAccessToken } from './as-access-token.js'
import { IssuerError } from './issuer-error.js'
import {
  CONFIGURATION_IDS,
  type ConfigurationId,
  isConfigurationId,
  isWardConfiguration,
} from './vci-configurations.js'
import type { RequestKeys } from './vci-request-keys.js'

/** A body as it came. */
export type ReceivedBody = { readonly contentType: string; readonly text: string }

/** A message out of a body, and whether it came encrypted. */
export type ReadMessage = {
  readonly message: Readonly<Record<string, unknown>>
  readonly encrypted: boolean
}

/**
 * Reads a request to one of the credential endpoints, plain or encrypted.
 *
 * @throws ProtocolError `message_…`, `encryption_parameters`, `encrypted_message_malformed`;
 *   IssuerError `invalid_credential_request` for another content type.
 * @see OpenID4VCI 1.0 §8.2, §10
 */
export async function readRequest(
  { contentType, text }: ReceivedBody,
  requestKeys: Pick<RequestKeys, 'accepted'>,
): Promise<ReadMessage> {
  const { maxRequestBytes: maxBytes, maxKeys } = messageLimits
  const type = contentType.split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') {
    return { message: parseMessage(text, { maxBytes, maxKeys }), encrypted: false }
  }
  if (type === 'application/jwt') {
    const { payload } = await decryptMessage(text.trim(), {
      keys: [...(await requestKeys.accepted())],
      maxBytes,
      maxPlaintextBytes: messageLimits.maxPlaintextBytes,
      allowCompression: true,
      maxKeys,
    })
    return { message: payload, encrypted: true }
  }
  throw new IssuerError(
    'invalid_credential_request',
    'A request is application/json, or application/jwt when it is encrypted.',
  )
}

/** @throws IssuerError `invalid_credential_request` */
export function readOutline({ message }: ReadMessage): CredentialRequest {
  const parsed = credentialRequestSchema.safeParse(message)
  if (parsed.success) return parsed.data
  throw new IssuerError('invalid_credential_request', 'A member of the request has a wrong form.')
}

/**
 * What the answer is to be encrypted with; `undefined` for a plain answer.
 *
 * @throws IssuerError `invalid_encryption_parameters`
 */
export function readResponseEncryption({
  message,
  encrypted,
}: ReadMessage): ResponseEncryption | undefined {
  const wish = message['credential_response_encryption']
  if (wish === undefined) return undefined
  const parsed = responseEncryptionSchema.safeParse(wish)
  // §8.2: whoever wants the answer encrypted encrypts the request, or others could change the key.
  if (!encrypted) throw parameters('they may stand in an encrypted request only')
  if (!parsed.success) throw parameters('a P-256 jwk with alg ECDH-ES and an enc are needed')
  const { jwk, enc, zip } = parsed.data
  if (!isOnCurve(jwk)) throw parameters('the jwk is not a point of P-256')
  if (enc !== 'A128GCM' && enc !== 'A256GCM') throw parameters('enc is A128GCM or A256GCM')
  if (zip !== undefined && zip !== 'DEF') throw parameters('zip is DEF or left out')
  return parsed.data
}

/** Checked before anything is issued for an answer that could then not be sent. */
function isOnCurve({ kty, crv, x, y }: EncryptionJwk): boolean {
  try {
    parsePublicJwk({ kty, crv, x, y })
    return true
  } catch (error) {
    if (error instanceof CredentialError) return false
    throw error
  }
}

/** The body of an answer: JSON, or a JWE where that was asked for. */
export async function renderAnswer(
  answer: object,
  encryption: ResponseEncryption | undefined,
): Promise<{ readonly contentType: string; readonly text: string }> {
  if (encryption === undefined) {
    return { contentType: 'application/json', text: JSON.stringify(answer) }
  }
  const { jwk: recipient, enc, zip } = encryption
  const text = await encryptMessage({ payload: answer, recipient, enc, zip })
  return { contentType: 'application/jwt', text }
}

/** What a request is about. */
export type Dataset = {
  readonly configuration: ConfigurationId
  /** The identifier that names a ward; `null` for the person's own certificates. */
  readonly wardIdentifier: string | null
}

/**
 * What is asked for: exactly one name, and one that the token covers.
 *
 * @throws IssuerError `invalid_credential_request`, `unknown_credential_configuration`,
 *   `unknown_credential_identifier`
 */
export function resolveDataset(
  request: CredentialRequest,
  token: Pick<VerifiedAccessToken, 'configurationIds' | 'credentialIdentifiers'>,
): Dataset {
  const { credential_identifier: identifier, credential_configuration_id: id } = request
  if ((identifier === undefined) === (id === undefined)) {
    throw badRequest('Exactly one of credential_identifier and credential_configuration_id.')
  }
  if (id !== undefined) {
    if (!isConfigurationId(id)) {
      const text = `This issuer has: ${CONFIGURATION_IDS.join(', ')}.`
      throw new IssuerError('unknown_credential_configuration', text)
    }
    if (token.configurationIds.includes(id)) return { configuration: id, wardIdentifier: null }
    throw badRequest('The access token is not for that configuration by its configuration id.')
  }
  const named = token.credentialIdentifiers.find((entry) => entry.identifier === identifier)
  if (named !== undefined && isConfigurationId(named.configurationId)) {
    const { configurationId: configuration } = named
    const wardIdentifier = isWardConfiguration(configuration) ? named.identifier : null
    return { configuration, wardIdentifier }
  }
  const text = 'The access token has no such credential_identifier; see its token response.'
  throw new IssuerError('unknown_credential_identifier', text)
}

function badRequest(text: string): IssuerError {
  return new IssuerError('invalid_credential_request', text)
}

function parameters(problem: string): IssuerError {
  const text = `credential_response_encryption cannot be used: ${problem}.`
  return new IssuerError('invalid_encryption_parameters', text)
}
