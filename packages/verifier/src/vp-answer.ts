import {
  CredentialError,
  decodeTextBase64Url,
  memberOf,
  parseJsonObject,
} from '@netcert/credential'
import {
  answerLimits,
  decryptMessage,
  encryptedAnswerOf,
  messageLimits,
  parseAnswer,
  ProtocolError,
  type WalletAnswer,
} from '@netcert/protocol'
import { VerifierError } from './errors.js'
import type { VpSession } from './vp-session.js'

/**
 * Reads what a wallet sent to the address of one request. Nothing of it is verified yet, and nothing
 * changed: whatever fails here was no answer to this request.
 *
 * @throws ProtocolError `answer_malformed`, `message_malformed`, `message_too_large`,
 *   `encryption_parameters`, `encrypted_message_malformed`; VerifierError `response_mode_wrong`,
 *   `state_mismatch`
 * @see OpenID4VP 1.0 §8.1, §8.2, §8.3, §8.5
 */
export async function readAnswer(
  session: VpSession,
  members: Readonly<Record<string, unknown>>,
): Promise<WalletAnswer> {
  const encrypted = encryptedAnswerOf(members)
  if (encrypted !== null) return readEncrypted(session, members, encrypted)
  const answer = parseAnswer(members)
  // §8.3: only a refusal may come in clear where encryption was asked for.
  if (session.encryptionKey !== null && answer.kind === 'presentations') {
    throw modeWrong('it came in clear, and encryption was asked for')
  }
  return assertState(session, answer)
}

async function readEncrypted(
  session: VpSession,
  members: Readonly<Record<string, unknown>>,
  encrypted: string,
): Promise<WalletAnswer> {
  const { encryptionKey } = session
  if (encryptionKey === null) throw modeWrong('it is encrypted, and that was not asked for')
  if (Object.hasOwn(members, 'vp_token') || Object.hasOwn(members, 'error')) {
    throw modeWrong('it answers twice, encrypted and in clear')
  }
  assertKid(encrypted, encryptionKey.kid)
  const { payload } = await decryptMessage(encrypted, {
    keys: [encryptionKey],
    maxBytes: answerLimits.maxBytes,
    maxPlaintextBytes: messageLimits.maxPlaintextBytes,
    allowCompression: false,
    maxKeys: messageLimits.maxKeys,
  })
  return assertState(session, parseAnswer(payload))
}

/** §8.3: the `kid` of the key must be copied, so that an answer names the request it is for. */
function assertKid(encrypted: string, kid: string): void {
  if (encrypted.length <= answerLimits.maxBytes && kidOf(encrypted) !== kid) {
    throw new ProtocolError(
      'encryption_parameters',
      'The encryption cannot be used: its kid is not that of this request. Take the announced key.',
    )
  }
}

function kidOf(encrypted: string): unknown {
  try {
    const header = decodeTextBase64Url(encrypted.slice(0, encrypted.indexOf('.')))
    return memberOf(parseJsonObject(header, { maxDepth: 8 }), 'kid')
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw new ProtocolError(
      'encrypted_message_malformed',
      'The encrypted message cannot be read: it is no compact JWE. Encrypt it anew.',
      { cause },
    )
  }
}

/** A refusal may lack the state: a wallet that could not read the request does not know it. */
function assertState(session: VpSession, answer: WalletAnswer): WalletAnswer {
  // Over the Digital Credentials API there is no state (Appendix A.2).
  if (session.client !== 'origin' && !session.mode.startsWith('dc_api')) {
    const missing = answer.state === null && answer.kind === 'error'
    if (!missing && answer.state !== session.state) {
      throw new VerifierError(
        'state_mismatch',
        'the state is not that of the request; answer the request that is open now.',
      )
    }
  }
  return answer
}

function modeWrong(problem: string): VerifierError {
  return new VerifierError(
    'response_mode_wrong',
    `the answer is not in the response_mode of its request: ${problem}.`,
  )
}
