import {
  dereferenceDidKey,
  type Platform as NumberedPlatform,
  type PublicJwk,
  type Signer,
} from '@netcert/credential'
import type { Accreditation, Query } from '@netcert/protocol'
import {
  type ClaimFinding,
  type Decision,
  decideRequest,
} from '@netcert/protocol/minimum-necessity'
import { VerifierError } from './errors.js'
import { SESSION_SECONDS } from './session.js'
import type { ClientKind } from './vp-session.js'

/** What a platform is to citizens: its permanent id, its numbers, and what it may ask. */
export type AccreditedPlatform = {
  /** `sub` of every accreditation. */
  readonly id: string
  /** Opens the numbers of this platform, made once: `createPlatform(id)`. */
  readonly number: NumberedPlatform
  /** Verified when they were taken in; whether they hold still is looked at for each request. */
  readonly accreditations: readonly Accreditation[]
}

/** Who will be seen to ask. */
export type RequestSigning =
  /** The key that signs the request: it must be the accredited one. */
  | { readonly by: 'key'; readonly jwk: PublicJwk }
  /** A query handed over as it is; no request object is made that could carry an accreditation. */
  | { readonly by: 'hand' }
  /** An unsigned request proves nobody, whatever it carries. */
  | { readonly by: 'nobody' }

/** Who will be seen to ask with a request of this kind of client. */
export function signingOf(
  client: ClientKind | null,
  { signer }: { readonly signer: Signer },
): RequestSigning {
  if (client === null || client === 'redirect_uri') return { by: 'nobody' }
  return { by: 'key', jwk: dereferenceDidKey(signer.keyId) }
}

/** {@link chooseAccreditation} for a request that is made now and waits as long as any. */
export function accreditationFor(
  { platform }: { readonly platform: () => AccreditedPlatform | null },
  asked: Pick<ChooseAccreditationOptions, 'query' | 'purpose' | 'signing'> & { readonly now: Date },
): Accreditation | null {
  const until = new Date(asked.now.getTime() + SESSION_SECONDS * 1000)
  return chooseAccreditation({ ...asked, platform: platform(), until })
}

/** Options of {@link chooseAccreditation}. */
export type ChooseAccreditationOptions = {
  readonly platform: AccreditedPlatform | null
  readonly signing: RequestSigning
  readonly query: Query
  /** Where an accreditation has this name as its purpose, no other is looked at. */
  readonly purpose: string | null
  /** It must hold until the request ends. */
  readonly until: Date
}

/**
 * The accreditation that covers a query whole, or null where facts alone are asked and there is none.
 * It is the wallet's own decision, made before anything is sent: what a wallet would reduce or refuse
 * is not asked.
 *
 * @throws VerifierError `unaccredited` for a number or identity claim without accreditation,
 *   `over_asking` for what no accreditation covers; both with `findings`
 */
export function chooseAccreditation(options: ChooseAccreditationOptions): Accreditation | null {
  const { platform, signing, query, until, purpose } = options
  const held = signing.by === 'nobody' ? [] : (platform?.accreditations ?? [])
  const current = held.filter(({ expiresAt }) => expiresAt.getTime() >= until.getTime())
  const named = current.filter(({ purposeId }) => purposeId === purpose)
  const candidates = named.length > 0 ? named : current
  if (candidates.length === 0) {
    const decision = decide(query, null, null)
    if (isAskable(decision)) return null
    throw refused('unaccredited', decision, missing(signing, held.length))
  }
  const decisions = candidates.map((accreditation) => {
    const requestKey = signing.by === 'key' ? signing.jwk : accreditation.requestJwk
    return { accreditation, decision: decide(query, accreditation, requestKey) }
  })
  const found = decisions.find(({ decision }) => isAskable(decision))
  if (found !== undefined) return found.accreditation
  const [nearest] = decisions.toSorted(
    (one, other) => one.decision.findings.length - other.decision.findings.length,
  )
  if (nearest === undefined) throw new TypeError('no decision was made')
  const { id } = nearest.accreditation
  throw refused('over_asking', nearest.decision, `accreditation ${JSON.stringify(id)} covers less`)
}

function decide(
  query: Query,
  accreditation: Accreditation | null,
  requestKey: PublicJwk | null,
): Decision {
  // What a citizen showed before is known to their wallet alone.
  return decideRequest({ accreditation, requestKey, query, recent: [], holdsNumber: false })
}

function isAskable({ outcome }: Decision): boolean {
  return outcome === 'allow' || outcome === 'consent'
}

function missing(signing: RequestSigning, held: number): string {
  if (signing.by === 'nobody') return 'an unsigned request carries no accreditation'
  return held === 0 ? 'there is no accreditation' : 'every accreditation has ended; renew them'
}

function refused(
  code: 'over_asking' | 'unaccredited',
  { findings, code: refusal }: Decision,
  why: string,
): VerifierError {
  const asked = findings.length === 0 ? String(refusal) : findings.map(sentence).join('; ')
  const cure =
    code === 'unaccredited'
      ? 'ask for facts alone, or have the platform accredited'
      : 'ask for what is covered'
  return new VerifierError(code, `the request is not sent, ${why}: ${asked}; ${cure}.`, {
    findings,
  })
}

/** One claim, why it is not asked, and what would serve. */
function sentence({ path, code, offer, isOfferCovered }: ClaimFinding): string {
  const smaller = offer === null ? '' : `, ${offer.join('.')} ${asOffered(isOfferCovered)}`
  return `${path.length === 0 ? 'the certificate' : path.join('.')} (${code}${smaller})`
}

function asOffered(isCovered: boolean): string {
  return isCovered ? 'may serve and can be asked' : 'may serve, once it is accredited'
}
