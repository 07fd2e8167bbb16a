import {
  assertCurrent,
  CredentialError,
  epochSeconds,
  parseStatusListToken,
  resolveDidKey,
  signatureAlgorithms,
  type StatusList,
  type StatusListToken,
  statusTokenLimits,
  type TrustedRegistrar,
  verifyStatusListToken,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { ProtocolError } from './errors.js'
import { CLOCK_SKEW_SECONDS } from './signed-message.js'

/** A registrar's status list, verified. */
export type HeldAccreditationStatus = {
  /** `sub`: the very text accreditations name as `uri`. */
  readonly uri: string
  /** did:key of the registrar that signed it. */
  readonly registrar: string
  readonly issuedAt: Date
  /** The hard end, seven days after `issuedAt` at most: then an unset bit says nothing. */
  readonly expiresAt: Date
  readonly list: StatusList
  readonly token: string
}

/** The status lists at hand, by their `uri`. */
export type AccreditationStatusLists = ReadonlyMap<string, HeldAccreditationStatus>

const MAX_STATUS_SECONDS = 7 * 86_400
const MAX_AHEAD_SECONDS = 86_400

/**
 * Reads a status list of a registrar: signed by the key of a registrar that was on the trust list when
 * it signed and is now, and not from the future. One that is past its end is read all the same: what it
 * revoked stays revoked, and it says nothing else (`verifyAccreditation`).
 *
 * @throws ProtocolError `accreditation_status`
 * @see Token Status List §5.1, §8.3
 */
export async function readAccreditationStatusList(
  token: string,
  options: { readonly registrars: readonly TrustedRegistrar[]; readonly now: Date },
): Promise<HeldAccreditationStatus> {
  const { registrars, now } = options
  try {
    const jwt = parseStatusListToken(token, signatureAlgorithms, statusTokenLimits)
    const registrar = registrars.find(({ did }) => resolveDidKey(did).keyId === jwt.header['kid'])
    if (registrar === undefined) throw refused('nobody on the trust list signed it')
    const { keyId, jwk } = resolveDidKey(registrar.did)
    const signer = { keyId, key: await importVerifyingKey(jwk) }
    const read = await verifyStatusListToken(jwt, [signer], statusTokenLimits)
    assertWindow(read, registrar, now)
    return heldFrom(read, registrar.did, token)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw refused(`it does not hold (${cause.code})`, cause)
  }
}

/**
 * Takes a status list in: a newer one takes the place of an older one.
 *
 * @throws ProtocolError `accreditation_status` for a list older than the one at hand, which would give
 *   back what was revoked since; of the same second it may revoke more, and not less.
 */
export function withAccreditationStatus(
  lists: AccreditationStatusLists,
  read: HeldAccreditationStatus,
): AccreditationStatusLists {
  const held = lists.get(read.uri)
  if (held?.registrar === read.registrar && isOlder(read, held)) {
    throw refused('it is older than the one at hand')
  }
  return new Map([...lists, [read.uri, read]])
}

/** A registrar takes nothing back that it revoked, so of one second the list that has more is newer. */
function isOlder(read: HeldAccreditationStatus, held: HeldAccreditationStatus): boolean {
  const since = read.issuedAt.getTime() - held.issuedAt.getTime()
  if (since !== 0) return since < 0
  const { bytes } = read.list
  return held.list.bytes.some((byte, at) => (byte & ~(bytes[at] ?? 0)) !== 0)
}

function assertWindow(read: StatusListToken, registrar: TrustedRegistrar, now: Date): void {
  assertCurrent(
    { ...read, expiresAt: null },
    {
      now: epochSeconds(now),
      clockSkewSeconds: CLOCK_SKEW_SECONDS,
      maxFutureSeconds: MAX_AHEAD_SECONDS,
      maxAgeSeconds: null,
    },
  )
  const isListed = [now.getTime(), read.issuedAt * 1000].every(
    (at) => at >= registrar.notBefore.getTime() && at <= registrar.notAfter.getTime(),
  )
  if (!isListed) throw refused('its registrar is not on the trust list for that time')
}

function heldFrom(
  read: StatusListToken,
  registrar: string,
  token: string,
): HeldAccreditationStatus {
  const end = Math.min(
    read.expiresAt ?? Number.POSITIVE_INFINITY,
    read.issuedAt + MAX_STATUS_SECONDS,
  )
  return {
    uri: read.uri,
    registrar,
    issuedAt: new Date(read.issuedAt * 1000),
    expiresAt: new Date(end * 1000),
    list: read.list,
    token,
  }
}

function refused(problem: string, cause?: unknown): ProtocolError {
  const text = `The registrar's status list is refused: ${problem}. Fetch the newest one.`
  return new ProtocolError('accreditation_status', text, { cause })
}
