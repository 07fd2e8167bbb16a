import type * as x509 from '@peculiar/x509'
import { ProtocolError } from './errors.js'

export type X509Library = typeof x509

/** Bounds of one certificate and of a chain, before anything of it is read. */
export const MAX_CERTIFICATE_CHARACTERS = 8 * 1024
export const MAX_CHAIN_LENGTH = 5

/**
 * The X.509 library, loaded when the first certificate is met: most wallets and verifiers never
 * meet one, and it is larger than all the rest of this package.
 */
export async function loadX509(): Promise<X509Library> {
  // Its dependency injection refuses to load without this polyfill.
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

/**
 * Reads one certificate of an `x5c` header: base64 of its DER (RFC 7515 §4.1.6), not base64url.
 *
 * @throws ProtocolError `certificate_chain`
 */
export function readCertificate(
  { X509Certificate }: X509Library,
  text: unknown,
): x509.X509Certificate {
  const fits = typeof text === 'string' && text.length <= MAX_CERTIFICATE_CHARACTERS
  if (!fits || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw chainRefused('a certificate is not base64 of at most 8 KiB')
  }
  try {
    return new X509Certificate(text)
  } catch (cause) {
    throw chainRefused('a certificate cannot be read', cause)
  }
}

export function chainRefused(problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError(
    'certificate_chain',
    `The certificate chain is refused: ${problem}. Send the leaf first, without the anchor.`,
    { cause },
  )
}
