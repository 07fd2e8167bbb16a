import {
  createNetworkNumber,
  CredentialError,
  decodeBase64Url,
  encodeBase64Url,
  formatNetworkNumber,
  parseFreshnessPolicy,
  parseNetworkNumber,
} from '@netcert/credential'
import { parseQuery } from '@netcert/protocol'
import { decryptWithCode, encryptWithCode } from '@netcert/protocol/code-encryption'
import { VerifierError } from '../errors.js'
import type { LaneSettings } from './lane.js'
import { laneFileSchema, type LaneFileMembers } from './lane-file-schema.js'
import { assertLane } from './lane-rules.js'

/** First line of a lane file, so that a person and a program know it from other files. */
const FIRST_LINE = 'netcert-gate-lane 1'
const TYP = 'netcert-gate-lane'
/** The code has 100 random bits; the iterations only slow down whoever tries codes. */
const ITERATIONS = 100_000
const MAX_FILE_CHARACTERS = 128 * 1024

/**
 * A new set-up code: 20 random symbols and two check digits in groups of five. It opens one lane file
 * and goes another way than the file.
 */
export function createLaneCode(): string {
  // The same form as a network number, because people read that form aloud without mistakes.
  return formatNetworkNumber(createNetworkNumber())
}

/**
 * Seals the settings of a lane, its secrets among them.
 *
 * @param code - From {@link createLaneCode}; in any spelling a person might use.
 * @throws VerifierError `lane_invalid`, `lane_code_wrong` for a text that is no set-up code
 * @see docs/formats/gate-lane.md
 */
export async function sealLane(settings: LaneSettings, code: string): Promise<string> {
  assertLane(settings)
  const members = encodeLane(settings)
  // What could not be opened again is found by whoever makes it, and not at the gate.
  const place = laneFileSchema.safeParse(members).error?.issues[0]?.path.join('.')
  if (place !== undefined) {
    throw new VerifierError(
      'lane_invalid',
      `this lane cannot be made: ${place} is not of its form.`,
    )
  }
  const text = JSON.stringify(members)
  const options = { code: readCode(code), iterations: ITERATIONS, typ: TYP }
  return `${FIRST_LINE}\n${await encryptWithCode(text, options)}\n`
}

/**
 * Opens a lane file. Whether its accreditation still holds is looked at when challenges are made.
 *
 * @throws VerifierError `lane_malformed`, `lane_code_wrong`, `lane_invalid`
 */
export async function openLane(file: string, code: string): Promise<LaneSettings> {
  const [first, jwe = '', ...rest] = file.slice(0, MAX_FILE_CHARACTERS).trimEnd().split(/\r?\n/)
  if (first !== FIRST_LINE || rest.length > 0 || file.length > MAX_FILE_CHARACTERS) {
    throw malformed('it is no lane file')
  }
  const text = await decryptWithCode(jwe.trim(), { code: readCode(code), typ: TYP }).catch(
    (cause: unknown) => {
      throw new VerifierError(
        'lane_code_wrong',
        'the set-up code does not open this lane file, or the file is damaged; each file has its own.',
        { cause },
      )
    },
  )
  const settings = readLane(text)
  assertLane(settings)
  return settings
}

function readCode(code: string): string {
  try {
    return parseNetworkNumber(code)
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw new VerifierError(
      'lane_code_wrong',
      'this is no set-up code: 20 letters or digits and two check digits; compare it with the original.',
    )
  }
}

function encodeLane(settings: LaneSettings): LaneFileMembers {
  const { venue, event, gate, lane, kind, query, freshness, requestKey } = settings
  if (requestKey.kty !== 'EC') throw malformed('its request key is not of P-256')
  const { kty, crv, x, y, d } = requestKey
  return {
    ...{ venue, gate, lane, kind, query, rotate: settings.rotate },
    event: { id: event.id, name: event.name, ends_at: Math.floor(event.endsAt.getTime() / 1000) },
    client_id: settings.clientId,
    platform_id: settings.platformId,
    accreditation: settings.accreditation,
    root_did: settings.rootDid,
    freshness: {
      name: freshness.name,
      grace_seconds: freshness.graceSeconds,
      trust_list_grace_seconds: freshness.trustListGraceSeconds,
      status_required: freshness.statusRequired,
      stale: freshness.stale,
    },
    ...{ poster: settings.poster, paper: settings.paper },
    keep_ledger_seconds: settings.keepLedgerSeconds,
    request_key: { kty, crv, x, y, d },
    lane_secret: encodeBase64Url(settings.laneSecret),
    ledger_key: encodeBase64Url(settings.ledgerKey),
  }
}

function readLane(text: string): LaneSettings {
  try {
    const members = laneFileSchema.parse(JSON.parse(text))
    return {
      venue: members.venue,
      event: {
        id: members.event.id,
        name: members.event.name,
        endsAt: new Date(members.event.ends_at * 1000),
      },
      ...{ gate: members.gate, lane: members.lane, kind: members.kind, rotate: members.rotate },
      clientId: members.client_id,
      platformId: members.platform_id,
      accreditation: members.accreditation,
      rootDid: members.root_did,
      query: parseQuery(members.query),
      freshness: parseFreshnessPolicy(members.freshness),
      ...{ poster: members.poster, paper: members.paper },
      keepLedgerSeconds: members.keep_ledger_seconds,
      requestKey: members.request_key,
      laneSecret: decodeBase64Url(members.lane_secret),
      ledgerKey: decodeBase64Url(members.ledger_key),
    }
  } catch (cause) {
    // What the file says stays in it: no value of it is in the text.
    throw malformed('what is in it is not of its form', cause)
  }
}

function malformed(problem: string, cause?: unknown): VerifierError {
  const text = `the lane file cannot be used: ${problem}; have it made again.`
  return new VerifierError('lane_malformed', text, { cause })
}
