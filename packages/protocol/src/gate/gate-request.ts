import type { ClientTrust } from '../client-identifier.js'
import { ProtocolError, type ProtocolErrorCode } from '../errors.js'
import { isEncryptedMode, type ProvenRequest, proveAsker, readRequest } from '../proven-request.js'
import type { ReadRequestObject } from '../request-object.js'
import { STATIC_WALLET_AUDIENCE } from '../vp-request.js'

/**
 * Proves who asks in a challenge that a gate shows. Its times are not judged: the gate judges the
 * age of its nonce, and a phone whose clock is wrong must still get in.
 *
 * @throws ProtocolError `request_invalid`, `client_id_prefix`, `client_unknown`, `client_unproven`,
 *   `certificate_chain`, `request_signature`, `request_audience`; `response_uri` when the answer
 *   would go to an address.
 * @see docs/formats/nc1.md, OpenID4VP 1.0 §5, §5.8, §5.9
 */
export async function proveGateRequest(
  object: ReadRequestObject,
  options: { readonly trust: ClientTrust },
): Promise<ProvenRequest> {
  const request = readRequest(object.payload)
  const { client_id: clientId, response_mode: mode } = request
  if (clientId === undefined) throw refused('request_invalid', 'it has no client_id')
  if (mode !== 'netcert_qr' && mode !== 'netcert_qr.jwt') {
    throw refused('request_invalid', 'its answer would not be shown to a gate')
  }
  // Without a signature nothing but the address of the answer could name the gate.
  if (object.jws === null) throw refused('client_unproven', 'it is not signed')
  if (request.response_uri !== undefined || request.redirect_uri !== undefined) {
    throw refused('response_uri', 'it names an address, and its answer is shown')
  }
  const client = await proveAsker(object, clientId, options.trust)
  if (request.aud !== STATIC_WALLET_AUDIENCE) {
    throw refused('request_audience', 'its aud is not that of a wallet')
  }
  const encrypted = isEncryptedMode(mode)
  return { client, audience: client.identifier.full, target: { to: 'qr' }, encrypted, request }
}

function refused(code: ProtocolErrorCode, problem: string): ProtocolError {
  return new ProtocolError(code, `The challenge is refused: ${problem}.`)
}
