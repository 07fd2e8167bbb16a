import { createDidKey } from '@netcert/credential'
import {
  createClientIdentifier,
  parseAccreditation,
  parseClientIdentifier,
  type ProvenRequest,
  type Query,
  REGISTRATION_CERT_FORMAT,
} from '@netcert/protocol'
import { CHALLENGE_PREFIX } from '@netcert/protocol/gate'
import { WalletError } from '../errors.js'
import { type ChallengeContext, readChallenge } from '../gate/gate-challenge.js'

/** The venue that a sheet is for, and what it asks. */
export type SheetVenue = { readonly proven: ProvenRequest; readonly evidence: string | null }

/**
 * Reads for which venue passes are printed: from a challenge of one of its gates, which also says what
 * is asked, or from its accreditation, which names its key and thereby its identifier.
 *
 * @param query - Beside an accreditation: what the gate asks. Null with a challenge.
 * @throws WalletError `sheet_venue`; ProtocolError as `readChallenge`, `accreditation_malformed`
 */
export async function readVenue(
  context: ChallengeContext,
  { venue, query }: { readonly venue: string; readonly query: Query | null },
): Promise<SheetVenue> {
  if (venue.startsWith(CHALLENGE_PREFIX)) {
    if (query !== null)
      throw unclearVenue('the challenge says itself what is asked; leave the query out')
    const { proven, evidence } = await readChallenge(context, venue)
    return { proven, evidence }
  }
  if (query === null)
    throw unclearVenue('an accreditation does not say what the gate asks; name a query')
  return { proven: askedUnder(venue, query), evidence: null }
}

/** The request that the owner of an accreditation would sign. What it is worth is judged as ever. */
function askedUnder(token: string, query: Query): ProvenRequest {
  const { requestJwk } = parseAccreditation(token).accreditation
  const value = createDidKey(requestJwk)
  const audience = createClientIdentifier({ prefix: 'decentralized_identifier', value })
  const identifier = parseClientIdentifier(audience)
  return {
    client: { identifier, proof: 'key', answers: null, key: requestJwk },
    audience,
    target: { to: 'qr' },
    encrypted: false,
    request: {
      response_type: 'vp_token',
      response_mode: 'netcert_qr',
      // Each pass has a nonce of its own in its place.
      nonce: 'paper',
      client_id: audience,
      dcql_query: query,
      verifier_info: [{ format: REGISTRATION_CERT_FORMAT, data: token }],
    },
  }
}

/** Passes on paper are not made for whatever this is. */
export function unclearVenue(problem: string): WalletError {
  return new WalletError('sheet_venue', `no sheet is printed for this venue: ${problem}.`)
}
