import { createHash } from 'node:crypto'
import { epochSeconds } from '@netcert/credential'
import {
  type Accreditation,
  accreditationOf,
  parseAccreditation,
  parseRequestReport,
  ProtocolError,
  proveReportedRequest,
  type ReportedFinding,
  type RequestReport,
  readRequestObject,
} from '@netcert/protocol'
import type { AccreditationStore } from './accreditation-store.js'
import { IssuerError } from './issuer-error.js'
import type { PlatformStore, StoredReport } from './platform-store.js'
import { createReference } from './reference.js'

/** A report of a greedy request, as the operator reads it; nothing of whoever reported. */
export type PlatformReport = {
  readonly id: string
  readonly platform: string
  readonly accreditation: string
  /** What the wallet decided. */
  readonly code: string
  /** What the registrar decides about the same request; only the wallet knows what was shown before. */
  readonly decision: string
  readonly findings: readonly ReportedFinding[]
  /** SHA-256 of the signed request object. */
  readonly request: string
  /** To the hour. */
  readonly reportedAt: Date
}

export type ReportParts = {
  readonly platforms: PlatformStore
  readonly accreditations: AccreditationStore
  readonly clock: () => Date
}

const HOUR_SECONDS = 3600

/**
 * Takes a citizen's report. The platform's own signature on the request is the evidence; whoever sent
 * it stays unknown, and nothing but codes, claim paths and the hour is kept.
 *
 * @returns The report's id; the same one for the same request.
 * @throws IssuerError `report_malformed`; `report_unproven` for a request that was signed under no
 *   accreditation of this registrar.
 */
export async function takeReport(parts: ReportParts, text: string): Promise<string> {
  const report = refusing('report_malformed', () => parseRequestReport(text))
  const accreditations = await namedAccreditations(parts.accreditations, report)
  const proven = await proveReportedRequest(report, { accreditations }).catch((cause: unknown) => {
    throw refusalFrom('report_unproven', cause)
  })
  const named = accreditations.find(({ token }) => proven.accreditationTokens.includes(token))
  if (named === undefined) throw unproven()
  const now = epochSeconds(parts.clock())
  return parts.platforms.putReport({
    id: createReference('g'),
    accreditation: named.id,
    platform: named.platformId,
    code: report.code,
    decision: proven.decision?.outcome ?? 'unreadable',
    findings: JSON.stringify(report.findings),
    request: createHash('sha256').update(report.request).digest('base64url'),
    reported_at: now - (now % HOUR_SECONDS),
  })
}

/** Reports, newest first. */
export async function readReports(
  platforms: PlatformStore,
  options: { readonly limit: number; readonly platform?: string },
): Promise<readonly PlatformReport[]> {
  return (await platforms.reports(options)).map(readReport)
}

/** The accreditations the request came with, as far as they are ours to the letter. */
async function namedAccreditations(
  store: AccreditationStore,
  { request }: RequestReport,
): Promise<readonly Accreditation[]> {
  const { jws } = refusing('report_malformed', () => readRequestObject(request))
  const found: Accreditation[] = []
  for (const token of accreditationOf(jws?.payload['verifier_info'])) {
    const { accreditation } = refusing('report_malformed', () => parseAccreditation(token))
    const stored = await store.get(accreditation.id)
    if (stored?.token === token) found.push(accreditation)
  }
  if (found.length > 0) return found
  throw unproven()
}

function readReport({ findings, reported_at: at, ...report }: StoredReport): PlatformReport {
  // Written by us, from what was checked.
  const read = JSON.parse(findings) as PlatformReport['findings']
  return { ...report, findings: read, reportedAt: new Date(at * 1000) }
}

type Code = 'report_malformed' | 'report_unproven'

function refusing<T>(code: Code, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw refusalFrom(code, cause)
  }
}

function refusalFrom(code: Code, cause: unknown): unknown {
  if (!(cause instanceof ProtocolError)) return cause
  if (code === 'report_unproven') return unproven(cause)
  const message = 'The report cannot be read. Send the signed request as it was received.'
  return new IssuerError(code, message, { cause })
}

function unproven(cause?: unknown): IssuerError {
  return new IssuerError(
    'report_unproven',
    'The request was signed under no accreditation of this registrar. Report it where its verifier is registered.',
    { cause },
  )
}
