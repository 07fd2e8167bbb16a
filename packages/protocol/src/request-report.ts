import { type ClaimPath, epochSeconds, type PublicJwk, sameKey } from '@netcert/credential'
import { z } from 'zod'
import { accreditationOf } from './accreditation.js'
import type { Accreditation } from './accreditation-content.js'
import { decisionCodes } from './decision-texts.js'
import type { Query } from './dcql-query.js'
import { parseQuery } from './dcql-query.js'
import { ProtocolError } from './errors.js'
import { type Decision, type DecisionCode, decideRequest } from './minimum-necessity.js'
import { readRequestObject } from './request-object.js'
import { proveSigned } from './signed-message.js'
import { requestLimits } from './vp-request.js'
import { claimPathSchema, parseMessage, readBySchema } from './wire-text.js'

const MAX_FINDINGS = 128
const HOUR_SECONDS = 3600

/** One thing a reported request asked for. */
export type ReportedFinding = {
  readonly vct: string
  readonly path: ClaimPath
  readonly code: DecisionCode
}

/** A citizen's report of a request that asks too much. Nothing of the person is in it. */
export type RequestReport = {
  /** The request object as the platform signed it: the evidence. */
  readonly request: string
  readonly code: DecisionCode
  readonly findings: readonly ReportedFinding[]
  readonly reportedAt: Date
}

const decisionCode = z.enum(decisionCodes)

/** The body of a report. An empty path is a whole certificate. */
export const requestReportSchema = z.object({
  request: z.string().min(1).max(requestLimits.maxObjectBytes),
  code: decisionCode,
  findings: z
    .array(
      z.object({
        vct: z.string().max(512),
        path: z.union([claimPathSchema, z.array(z.string()).length(0)]),
        code: decisionCode,
      }),
    )
    .max(MAX_FINDINGS),
  reported_at: z.int().min(0).max(253_402_300_799),
})

/** What a registrar says to an accepted report. */
export const reportReplySchema = z.object({ report_id: z.string().min(1).max(200) })

/**
 * The body of a report. Its time is cut to the hour.
 *
 * @param options.decision - What was decided about the request; one that was allowed is no report.
 * @throws ProtocolError `report_invalid` for a request that nobody signed, or nothing to report.
 */
export function createRequestReport(options: {
  readonly request: string
  readonly decision: Decision
  readonly reportedAt: Date
}): string {
  const { request, decision, reportedAt } = options
  const code = decision.code ?? decision.findings[0]?.code
  if (code === undefined) throw refused('the request asks for nothing beyond its accreditation')
  signedRequest(request)
  const findings = decision.findings.slice(0, MAX_FINDINGS)
  const at = epochSeconds(reportedAt)
  return JSON.stringify({
    request,
    code,
    findings: findings.map(({ vct, path, code: why }) => ({ vct, path, code: why })),
    reported_at: at - (at % HOUR_SECONDS),
  })
}

/** Reads a report. @throws ProtocolError `report_invalid`, `message_malformed`, `message_too_large` */
export function parseRequestReport(text: string): RequestReport {
  const message = parseMessage(text, { maxBytes: requestLimits.maxObjectBytes * 2 })
  const { request, code, findings, reported_at } = readBySchema(requestReportSchema, message, {
    code: 'report_invalid',
    what: 'The report',
  })
  return { request, code, findings, reportedAt: new Date(reported_at * 1000) }
}

/** A reported request of which it is known who signed it. */
export type ProvenReport = {
  readonly key: PublicJwk
  /** Null when the request cannot be read as a query, as one that switches holder binding off. */
  readonly query: Query | null
  readonly accreditationTokens: readonly string[]
  /**
   * What the registrar itself decides about the request, by the accreditation of the platform; it may
   * be less than was reported, since only the wallet knows what was shown before.
   */
  readonly decision: Decision | null
}

/**
 * Proves that a platform made the reported request: signed by the key of one of its accreditations.
 *
 * @param options.accreditations - Of the platform that is reported, present and past.
 * @throws ProtocolError `report_invalid`: nobody can be blamed for a request they did not sign.
 */
export async function proveReportedRequest(
  report: RequestReport,
  options: { readonly accreditations: readonly Accreditation[] },
): Promise<ProvenReport> {
  const jws = signedRequest(report.request)
  const { accreditations } = options
  const tokens = accreditationOf(jws.payload['verifier_info'])
  const key = await signingKey(report.request, accreditations)
  const theirs = accreditations.filter(({ requestJwk }) => sameKey(requestJwk, key))
  const named = theirs.find(({ token }) => tokens.includes(token)) ?? theirs[0] ?? null
  const query = readQuery(jws.payload['dcql_query'])
  const decision =
    query === null
      ? null
      : decideRequest({
          accreditation: named,
          requestKey: key,
          query,
          recent: [],
          holdsNumber: false,
        })
  return { key, query, accreditationTokens: tokens, decision }
}

async function signingKey(
  request: string,
  accreditations: readonly Accreditation[],
): Promise<PublicJwk> {
  const jws = signedRequest(request)
  let failure = refused('its request was signed by no key of that platform')
  for (const { requestJwk } of accreditations) {
    try {
      await proveSigned(jws, requestJwk, {
        typ: '',
        what: 'The reported request',
        code: 'report_invalid',
      })
      return requestJwk
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      failure = error
    }
  }
  throw failure
}

function signedRequest(text: string) {
  try {
    const { jws } = readRequestObject(text)
    if (jws !== null) return jws
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    throw refused('its request cannot be read', cause)
  }
  throw refused('nobody signed its request, so it proves nothing')
}

function readQuery(value: unknown): Query | null {
  try {
    return parseQuery(value)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return null
  }
}

function refused(problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError('report_invalid', `The report is refused: ${problem}.`, { cause })
}
