import { type ClaimDemand, createDidKey, sameKey } from '@netcert/credential'
import {
  type Accreditation,
  createClientIdentifier,
  demandsFor,
  parseAccreditation,
  ProtocolError,
  type QueryDemands,
} from '@netcert/protocol'
import { decideRequest } from '@netcert/protocol/minimum-necessity'
import { VerifierError } from '../errors.js'
import type { Lane, LaneSettings } from './lane.js'

/** What is settled about a lane before it opens. */
export type LaneRules = {
  readonly accreditation: Accreditation
  readonly demands: readonly QueryDemands[]
  /** An answer may show a platform number. */
  readonly asksNumber: boolean
  /** An identity claim is asked: answers are encrypted, and neither poster nor paper is taken. */
  readonly asksIdentity: boolean
}

/**
 * Makes sure that a lane asks what its accreditation covers, in its own name, and nothing that the
 * way of answering does not protect.
 *
 * @throws VerifierError `lane_invalid`
 */
export function readLaneRules(lane: Lane): LaneRules {
  const { query, clientId, platformId } = lane
  const accreditation = read(() => parseAccreditation(lane.accreditation).accreditation)
  const did = createDidKey(accreditation.requestJwk)
  if (clientId !== createClientIdentifier({ prefix: 'decentralized_identifier', value: did })) {
    throw invalid('its accreditation is for another key')
  }
  if (accreditation.platformId !== platformId)
    throw invalid('its accreditation is of another platform')
  const { requestJwk: requestKey } = accreditation
  const demands = read(() => demandsFor(query))
  const asked = { accreditation, requestKey, query, recent: [], holdsNumber: false }
  const { outcome, consents } = decideRequest(asked)
  if (outcome !== 'allow' && outcome !== 'consent') {
    throw invalid('its accreditation does not cover what it asks')
  }
  const asksIdentity = consents.length > 0
  const asksNumber = demands.some(({ claimSets }) => claimSets.some(showsNumber))
  // What is printed hangs there for weeks and can be photographed: numbers are for live challenges,
  // and identity is encrypted for one moment.
  if ((asksIdentity || asksNumber) && (lane.poster || lane.paper)) {
    throw invalid('neither poster nor paper can ask for a number or for identity')
  }
  if (lane.kind === 'ticket') assertTicket(lane)
  return { accreditation, demands, asksNumber, asksIdentity }
}

/** {@link readLaneRules}, and that the request key is the one that was accredited. */
export function assertLane(settings: LaneSettings): void {
  const { accreditation } = readLaneRules(settings)
  const { d: _private, ...requestJwk } = settings.requestKey
  if (!sameKey(accreditation.requestJwk, requestJwk)) {
    throw invalid('its request key is not the accredited one')
  }
  const { laneSecret, ledgerKey } = settings
  if (laneSecret.length !== 32 || ledgerKey.length !== 32) {
    throw invalid('its secrets are not 32 bytes long')
  }
}

function assertTicket({ query }: Lane): void {
  const everyAnswer = demandsFor(query).flatMap(({ claimSets }) => claimSets)
  if (everyAnswer.every(showsNumber)) return
  throw invalid('a ticket gate asks for the platform number in every answer it takes')
}

/** Whether an answer shows the platform's number of the person. */
function showsNumber(claims: readonly ClaimDemand[]): boolean {
  return claims.some(({ path }) => path[0] === 'platform_number')
}

function read<Value>(get: () => Value): Value {
  try {
    return get()
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw invalid(`${cause.code}: ${cause.message}`, cause)
  }
}

function invalid(problem: string, cause?: unknown): VerifierError {
  return new VerifierError('lane_invalid', `this lane cannot be opened: ${problem}.`, { cause })
}
