import { CredentialError } from '@netcert/credential'
import { ProtocolError } from '@netcert/protocol'
import { VerifierError } from '../errors.js'
import { packRefusalKinds, type PackRefusalCode } from './pack-refusals.js'

/** What refusals of lists mean for the pack that holds them; any other makes it `pack_entry`. */
const byEntry: Readonly<Record<string, PackRefusalCode>> = {
  trust_list_untrusted: 'pack_root',
  trust_list_expired: 'pack_expired',
  trust_list_older: 'pack_older',
  status_list_older: 'pack_older',
  status_delta_base: 'pack_base',
  time_not_yet_valid: 'pack_from_future',
}

/** Tells whatever a pack is refused for by a code of packs; what is none of ours stays what it is. */
export function packRefusal(error: unknown): unknown {
  if (error instanceof ProtocolError && isPackCode(error.code)) {
    return new VerifierError(error.code, error.message, { cause: error })
  }
  if (error instanceof ProtocolError || error instanceof CredentialError) {
    const code = byEntry[error.code] ?? 'pack_entry'
    return packRefused(code, `an entry was refused (${error.code})`, error)
  }
  return error
}

function isPackCode(code: string): code is keyof typeof packRefusalKinds {
  return Object.hasOwn(packRefusalKinds, code)
}

/** The pack is refused, for `problem`. */
export function packRefused(
  code: PackRefusalCode,
  problem: string,
  cause?: unknown,
): VerifierError {
  const text = `the offline pack is not taken in, for ${problem}; get the newest pack.`
  return new VerifierError(code, text, { cause })
}
