import { randomBytes, textToBytes } from '@netcert/credential/crypto'
import { LockError } from './lock-error.js'

/** A passkey, and what its authenticator gives for a salt (WebAuthn Level 3 §10.1.4, `prf`). */
export type PasskeySecret = { readonly credentialId: Uint8Array; readonly secret: Uint8Array }

const USER_ID_BYTES = 32
const TIMEOUT_MILLISECONDS = 120_000

/**
 * Whether this browser could have one here; only trying tells whether its authenticator knows `prf`.
 * Passkeys belong to a domain: at a bare address there are none.
 */
export function mayHavePasskey(): boolean {
  const isAddress = /^[\d.]+$|^\[/.test(location.hostname)
  return typeof PublicKeyCredential === 'function' && !isAddress
}

/**
 * Makes a passkey of this origin that gives a secret. Nothing about the person is in it: the name is
 * that of the wallet, and the user id is random.
 *
 * @throws LockError `passkey_unsupported`, `passkey_refused`
 */
export async function createPasskey(name: string, salt: Uint8Array): Promise<PasskeySecret> {
  const created = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: own(randomBytes(32)),
        rp: { name },
        user: { id: own(randomBytes(USER_ID_BYTES)), name, displayName: name },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        extensions: { prf: { eval: { first: own(salt) } } },
        timeout: TIMEOUT_MILLISECONDS,
      },
    }),
  )
  const { prf } = created.getClientExtensionResults()
  if (prf?.enabled !== true) throw new LockError('passkey_unsupported')
  const credentialId = new Uint8Array(created.rawId)
  const secret = secretOf(prf.results?.first)
  // Many authenticators give it only to whoever signs in.
  return secret === null ? usePasskey(credentialId, salt) : { credentialId, secret }
}

/** @throws LockError `passkey_refused`, `passkey_unsupported` */
export async function usePasskey(
  credentialId: Uint8Array,
  salt: Uint8Array,
): Promise<PasskeySecret> {
  const used = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: own(randomBytes(32)),
        allowCredentials: [{ type: 'public-key', id: own(credentialId) }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: own(salt) } } },
        timeout: TIMEOUT_MILLISECONDS,
      },
    }),
  )
  const secret = secretOf(used.getClientExtensionResults().prf?.results?.first)
  if (secret === null) throw new LockError('passkey_unsupported')
  return { credentialId: new Uint8Array(used.rawId), secret }
}

/** What is made from a passkey's salt: bound to this use, as the browser binds it to the origin. */
export function passkeySalt(salt: Uint8Array): Uint8Array {
  return Uint8Array.of(...textToBytes('netcert wallet '), ...salt)
}

async function ask(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const answer = await question()
    if (answer instanceof PublicKeyCredential) return answer
  } catch (cause) {
    const isAbsent = cause instanceof DOMException && cause.name === 'NotSupportedError'
    throw new LockError(isAbsent ? 'passkey_unsupported' : 'passkey_refused', { cause })
  }
  throw new LockError('passkey_refused')
}

function secretOf(result: BufferSource | undefined): Uint8Array | null {
  if (result === undefined) return null
  return ArrayBuffer.isView(result)
    ? new Uint8Array(result.buffer, result.byteOffset, result.byteLength)
    : new Uint8Array(result)
}

/** Bytes in a buffer of their own, which is what WebAuthn takes. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
