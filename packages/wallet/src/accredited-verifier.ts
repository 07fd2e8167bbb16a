import { hashBase64Url } from '@netcert/credential/crypto'
import { epochSeconds, type TrustedRegistrar } from '@netcert/credential'
import {
  type Accreditation,
  type AccreditationStatusLists,
  parseAccreditation,
  ProtocolError,
  readAccreditationStatusList,
  verifyAccreditation,
} from '@netcert/protocol'
import { noteVerifiedTime } from './gate/gate-time.js'
import type { IssuanceStore } from './stores.js'

/**
 * What issuers and registrars published, as it is at hand. Nothing here asks anybody: a question
 * asked while somebody is being answered would tell when that was.
 */
export type Published = {
  /** Who may accredit platforms, at a time or now. @throws WalletError `trust_missing`; CredentialError */
  readonly registrars: (at?: Date) => Promise<readonly TrustedRegistrar[]>
  /** A registrar's status list token by its address; null when there is none at hand. */
  readonly statusList: (uri: string) => Promise<string | null>
  /** `statistics.json`; null when there is none at hand. */
  readonly statistics: () => Promise<string | null>
}

/** An accreditation that holds, and whether anything is known of its being taken back. */
export type VerifiedAccreditation = {
  readonly accreditation: Accreditation
  readonly status: 'good' | 'unknown'
}

/**
 * Verifies the accreditations that came with a request, offline. One that a registrar of ours is said to
 * have signed and that does not hold spoils the request: whoever forges one is not somebody unknown. What
 * other registrars certify in forms of their own counts for nothing here, for and against.
 *
 * @throws ProtocolError `accreditation_…`; WalletError `trust_missing`
 */
export async function verifyAccreditations(
  source: { readonly published: Published; readonly floors: Pick<IssuanceStore, Floors> },
  tokens: readonly string[],
  now: Date,
): Promise<readonly VerifiedAccreditation[]> {
  if (tokens.length === 0) return []
  const registrars = await source.published.registrars(now)
  const verified: VerifiedAccreditation[] = []
  for (const token of tokens) {
    const parsed = parseOurs(token, registrars)
    if (parsed === null) continue
    const uri = parsed.status?.uri ?? null
    const statusLists = uri === null ? new Map() : await statusListAt(source, uri, registrars, now)
    verified.push(await verifyRemembering(source, parsed, { registrars, statusLists, now }))
  }
  return verified
}

/** The accreditation in a token of one of our registrars; null for a certificate of another scheme. */
function parseOurs(token: string, registrars: readonly TrustedRegistrar[]): Accreditation | null {
  try {
    const { accreditation } = parseAccreditation(token)
    return registrars.some(({ did }) => did === accreditation.registrar) ? accreditation : null
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'accreditation_malformed') return null
    throw error
  }
}

type Floors = 'floor' | 'raiseFloor'

/** What was seen taken back stays so here, whatever list is at hand, or none. */
async function verifyRemembering(
  { floors }: Parameters<typeof verifyAccreditations>[0],
  { id, registrar, token }: Accreditation,
  options: Parameters<typeof verifyAccreditation>[1],
): Promise<VerifiedAccreditation> {
  const name = `taken back ${hashOf(JSON.stringify([registrar, id]))}`
  try {
    const verified = await verifyAccreditation(token, options)
    if ((await floors.floor(name)) === 0) return verified
  } catch (error) {
    const isTakenBack = error instanceof ProtocolError && error.code === 'accreditation_revoked'
    if (isTakenBack) await floors.raiseFloor(name, 1)
    throw error
  }
  throw new ProtocolError(
    'accreditation_revoked',
    'The accreditation is refused: the registrar took it back, as an earlier list said.',
  )
}

/** A list that does not hold, or is older than one seen before, says nothing. */
async function statusListAt(
  { published, floors }: Parameters<typeof verifyAccreditations>[0],
  uri: string,
  registrars: readonly TrustedRegistrar[],
  now: Date,
): Promise<AccreditationStatusLists> {
  const token = await published.statusList(uri)
  if (token === null) return new Map()
  try {
    const list = await readAccreditationStatusList(token, { registrars, now })
    if (list.uri !== uri) return new Map()
    const name = `accreditations ${hashOf(uri)}`
    const issuedAt = epochSeconds(list.issuedAt)
    if ((await floors.floor(name)) > issuedAt) return new Map()
    await floors.raiseFloor(name, issuedAt)
    await noteVerifiedTime(floors, list.issuedAt)
    return new Map([[uri, list]])
  } catch (error) {
    if (error instanceof ProtocolError) return new Map()
    throw error
  }
}

function hashOf(text: string): string {
  return hashBase64Url('sha-256', text)
}
