import { decodeTextBase64Url, memberOf, parseJsonObject } from '@netcert/credential'
import { CredentialError } from '@netcert/credential'
import { ProtocolError } from '../errors.js'
import type { AnswerEncryption } from '../vp-response.js'
import { ANSWER_PREFIX, codeFlags, type Frame, packFrame, readCode } from './code-frame.js'
import { readFrame, unpackFrame, writeCode } from './code-frame.js'
import { codeLimits, malformed } from './code-marks.js'
import type { LeftOut } from './code-writing.js'
import { decryptCode, encryptCode, type GateDecryptionKey } from './encrypted-code.js'

/** What a gate knows and a code need not carry; null is carried. */
export type KnownToGate = {
  /** The `aud` of the key binding. */
  readonly audience: string | null
  /** The nonce of the challenge that is answered. */
  readonly nonce: string | null
}

type PackAnswerOptions = {
  /** `<issuer-jwt>~<disclosure>~…~<kb-jwt>` */
  readonly presentation: string
  readonly known: KnownToGate
}

/**
 * Packs an answer in clear.
 *
 * @returns `NC1:` and Base45, for a QR code in alphanumeric mode.
 * @throws ProtocolError `gate_code` when it is no presentation for what is `known`, or longer than a
 *   QR code holds.
 * @see docs/formats/nc1.md
 */
export function packAnswer(options: PackAnswerOptions): string {
  return writeCode(ANSWER_PREFIX, packPresentation(options))
}

/**
 * Packs an answer so that only the gate reads it: whenever it shows an identity claim.
 *
 * @throws ProtocolError as `packAnswer`, and `encryption_parameters`
 */
export async function packEncryptedAnswer(
  options: PackAnswerOptions & { readonly encryption: AnswerEncryption },
): Promise<string> {
  const encrypted = await encryptCode(packPresentation(options), options.encryption)
  return writeCode(ANSWER_PREFIX, encrypted)
}

export type UnpackAnswerOptions = {
  /** What the gate is called; an answer that leaves its `aud` out was made for it or does not verify. */
  readonly audience: string
  /** The nonces that the gate accepts now; 16 at most. */
  readonly nonces: readonly string[]
  /** The keys that it was told to encrypt to; 16 at most. */
  readonly decryptionKeys: readonly GateDecryptionKey[]
}

export type UnpackedAnswer = {
  /** Exactly what was packed; nothing of it is verified. */
  readonly presentation: string
  /** The nonce of its key binding. */
  readonly nonce: string
  /** True: it is none of the gate's but came with the answer, from a poster or from paper. */
  readonly nonceCarried: boolean
  readonly encrypted: boolean
}

/**
 * Unpacks an answer to the very text that was packed.
 *
 * @throws ProtocolError `gate_code`; `gate_code_nonce` when it answers none of `nonces`;
 *   `gate_code_audience` when it was packed for another gate; `gate_code_encrypted` when none of the
 *   keys opens it.
 */
export async function unpackAnswer(
  text: string,
  options: UnpackAnswerOptions,
): Promise<UnpackedAnswer> {
  const { octets, flags } = readCode(ANSWER_PREFIX, text)
  const encrypted = (flags & codeFlags.encrypted) !== 0
  const frame = readFrame(encrypted ? await decryptCode(octets, options.decryptionKeys) : octets)
  const known = knownTo(frame, options)
  const presentation = unpackFrame(frame, known)
  const nonce = known.nonce ?? carriedNonce(presentation)
  return { presentation, nonce, nonceCarried: known.nonce === null, encrypted }
}

function packPresentation({ presentation, known }: PackAnswerOptions): Uint8Array {
  const flags =
    (known.audience === null ? 0 : codeFlags.audienceLeftOut) +
    (known.nonce === null ? 0 : codeFlags.nonceLeftOut)
  const octets = packFrame(presentation, known, flags)
  const frame = readFrame(octets)
  // What is shown is what was signed, or nothing is shown.
  const nonces = known.nonce === null ? [] : [known.nonce]
  const found = knownTo(frame, { audience: known.audience ?? '', nonces })
  if (unpackFrame(frame, found) === presentation) return octets
  throw malformed('it does not come back unchanged')
}

/** What was left out, found by the tag. */
function knownTo(
  frame: Frame,
  { audience, nonces }: Pick<UnpackAnswerOptions, 'audience' | 'nonces'>,
): LeftOut {
  const { flags } = frame
  if (flags > codeFlags.audienceLeftOut + codeFlags.nonceLeftOut) throw malformed('it is no answer')
  const ours = (flags & codeFlags.audienceLeftOut) === 0 ? null : audience
  if ((flags & codeFlags.nonceLeftOut) === 0) {
    const known = { audience: ours, nonce: null }
    if (frame.matches(known)) return known
    throw ours === null ? malformed('it is damaged') : elsewhere('gate_code_audience')
  }
  const nonce = nonces.slice(0, codeLimits.maxTried).find((one) => {
    return frame.matches({ audience: ours, nonce: one })
  })
  if (nonce === undefined) throw elsewhere('gate_code_nonce')
  return { audience: ours, nonce }
}

/** The `nonce` of a KB-JWT that brings its own. */
function carriedNonce(presentation: string): string {
  const [, payload = ''] = presentation.slice(presentation.lastIndexOf('~') + 1).split('.')
  try {
    const nonce = memberOf(parseJsonObject(decodeTextBase64Url(payload), { maxDepth: 8 }), 'nonce')
    if (typeof nonce === 'string') return nonce
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw malformed('it has no key binding', cause)
  }
  throw malformed('its key binding has no nonce')
}

function elsewhere(code: 'gate_code_nonce' | 'gate_code_audience'): ProtocolError {
  const text =
    code === 'gate_code_nonce'
      ? 'The code answers none of the challenges of this gate; scan the one on its screen and answer it.'
      : 'The code was made for another gate; show it there.'
  return new ProtocolError(code, text)
}
