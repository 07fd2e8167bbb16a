import {
  createJws,
  CredentialError,
  epochSeconds,
  parseJws,
  type PublicJwk,
  type Signer,
  signatureAlgorithms,
  type UnverifiedJwt,
  verifyJws,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { ProtocolError } from '@netcert/protocol'
import { createReference } from '../reference.js'
import { z } from 'zod'
import type { Actor } from '../audit/access.js'
import { IssuerError } from '../issuer-error.js'
import {
  keyOwnersSchema,
  NO_TRUSTED_KEYS,
  openTrustedKeys,
  readOptionalFile,
  type TrustedKeys,
} from '../trusted-keys.js'
import { PRESENCE_OUTCOMES } from './assurance.js'
import type { EvidenceChecker, EvidenceOutcome, EvidenceSubject } from './evidence.js'

/** `typ` of a liveness provider's statement. */
export const LIVENESS_TYP = 'netcert-liveness+jwt'
/** A statement is brought within minutes of the check. */
const LIVENESS_SECONDS = 900
const CLOCK_SKEW_SECONDS = 60
const MOST_CHARACTERS = 16 * 1024
const FILE = 'liveness-providers.json'

const fileSchema = z.strictObject({
  providers: keyOwnersSchema.default([]),
  /** File beside this one: authorities whose leaves sign statements with `x5c`. */
  anchors: z.string().optional(),
})

/** The payload of a statement: who was seen is the application's business, not the provider's. */
export const livenessSchema = z.strictObject({
  iss: z.string().min(1).max(512),
  aud: z.string().min(1).max(512),
  sub: z.string().min(1).max(64),
  face: z.boolean(),
  live: z.boolean(),
  iat: z.int().nonnegative(),
  jti: z.string().min(8).max(128),
})

/**
 * Reads which liveness providers are trusted from `liveness-providers.json` in the data folder;
 * without the file there is the counter alone.
 *
 * @throws IssuerError `liveness_providers_malformed`.
 */
export async function readLivenessProviders(dir: string): Promise<TrustedKeys> {
  try {
    const text = await readOptionalFile(dir, FILE)
    if (text === undefined) return NO_TRUSTED_KEYS
    const { providers: owners, anchors } = fileSchema.parse(JSON.parse(text))
    return await openTrustedKeys({ dir, owners, anchors })
  } catch (cause) {
    const text = `${FILE} cannot be read: it holds providers with iss and jwks, and anchors may name a file of certificates; correct it.`
    throw new IssuerError('liveness_providers_malformed', text, { cause })
  }
}

export type PresenceEvidenceParts = {
  readonly providers: () => Promise<TrustedKeys>
  /** Who is at work: the operator at the counter signs what they saw. */
  readonly actor: Actor
}

/**
 * Presence of the person who applies: the signed word of a configured provider, or of the operator
 * at the counter. It is made for one application at this issuer, minutes old, and counts once.
 */
export function createPresenceEvidence({
  providers,
  actor,
}: PresenceEvidenceParts): EvidenceChecker<'presence'> {
  return {
    async check(subject, input) {
      if ('counter' in input) return counterOutcome(actor, subject, input.counter.face)
      const jws = readStatement(input.statement)
      const keyOf = (await providers()).keyOf(subject.now)
      const key = await foundKey(() => keyOf(jws.header, jws.payload))
      return providerOutcome(subject, jws, key)
    },
  }
}

async function counterOutcome(
  actor: Actor,
  subject: EvidenceSubject,
  face: boolean,
): Promise<EvidenceOutcome> {
  const outcome = face ? PRESENCE_OUTCOMES.counterFace : PRESENCE_OUTCOMES.counter
  // Where no operator is registered there is no key: whoever may read the data folder says so.
  if (actor.kind !== 'operator') return { passed: true, outcome }
  const { application: sub, audience: aud, now } = subject
  const statement = await createLivenessStatement(actor.signer, {
    iss: actor.id,
    aud,
    sub,
    face,
    live: true,
    iat: epochSeconds(now),
    jti: createReference('f'),
  })
  return { passed: true, outcome, once: statement }
}

/** Signs a statement: what a provider does after it has looked at somebody. */
export function createLivenessStatement(
  signer: Signer,
  payload: z.infer<typeof livenessSchema>,
): Promise<string> {
  return createJws({ header: { typ: LIVENESS_TYP, kid: signer.keyId }, payload, signer })
}

async function providerOutcome(
  { application, audience, now, submittedAt }: EvidenceSubject,
  jws: UnverifiedJwt,
  key: PublicJwk,
): Promise<EvidenceOutcome> {
  try {
    await verifyJws(jws, await importVerifyingKey(key))
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw invalid('its signature does not hold', cause)
  }
  const parsed = livenessSchema.safeParse(jws.payload)
  if (!parsed.success) throw invalid('a member is missing, unknown or of another form')
  const { iss, aud, sub, face, live, iat, jti } = parsed.data
  if (aud !== audience) throw invalid('it is for another issuer')
  if (sub !== application) throw invalid('it is for another application')
  const at = epochSeconds(now)
  if (iat > at + CLOCK_SKEW_SECONDS) throw invalid('it is from the future')
  if (iat < at - LIVENESS_SECONDS) throw invalid('it is more than 15 minutes old')
  if (iat < epochSeconds(submittedAt) - CLOCK_SKEW_SECONDS) {
    throw invalid('it is older than the application')
  }
  if (!live) throw invalid('it says that nobody alive was seen')
  const outcome = face ? PRESENCE_OUTCOMES.providerFace : PRESENCE_OUTCOMES.provider
  return { passed: true, outcome, once: JSON.stringify([iss, jti]) }
}

function readStatement(statement: string): UnverifiedJwt {
  if (statement.length > MOST_CHARACTERS) throw invalid('it is too large')
  try {
    const jws = parseJws(statement, { algorithms: signatureAlgorithms, maxDepth: 4 })
    if (jws.header['typ'] === LIVENESS_TYP) return jws
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw invalid('it is no signed statement', cause)
  }
  throw invalid(`its typ is not ${LIVENESS_TYP}`)
}

async function foundKey(
  find: () => PublicJwk | undefined | Promise<PublicJwk | undefined>,
): Promise<PublicJwk> {
  try {
    const key = await find()
    if (key !== undefined) return key
  } catch (cause) {
    if (!(cause instanceof ProtocolError || cause instanceof CredentialError)) throw cause
    throw invalid('its certificates do not hold', cause)
  }
  throw invalid('no configured provider has that key')
}

function invalid(problem: string, cause?: unknown): IssuerError {
  const text = `The presence statement is refused: ${problem}; ask the provider for a new one.`
  return new IssuerError('evidence_statement_invalid', text, { cause })
}
