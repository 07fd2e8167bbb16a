import { exitOfCode } from './exit-of-code.js'
import { CommandFailure, type ExitCode, exitCodes } from './failure.js'
import { printable } from './printable.js'

/** A failure as it is shown: what failed, why, what to do, and the code a program compares. */
export type FailureReport = {
  readonly code: string
  readonly message: string
  readonly cause?: string
  readonly cure?: string
  /** What is wrong with each member of a document that was handed in. */
  readonly findings?: readonly FailureFinding[]
  /** Where that is why a certificate was refused: how far the word about it could be trusted. */
  readonly freshness?: RefusedFreshness
  readonly exit: ExitCode
}

/** A verdict that is none to be taken, and how old the evidence is. */
export type RefusedFreshness = {
  readonly verdict: string
  readonly reason: string
  readonly as_of: string
  readonly age_seconds: number
}

/** One of them: which member, why, and what to do, in both languages. */
export type FailureFinding = {
  readonly field: string
  readonly code: string
  readonly reason: Readonly<Record<'zh-CN' | 'en', string>>
  readonly cure: Readonly<Record<'zh-CN' | 'en', string>>
}

/** What the operating system says, in words, with what to do. Everything else is a fault. */
const systemErrors: Readonly<Record<string, readonly [string, string, string]>> = {
  ENOENT: ['file_missing', 'A file or folder is missing', 'Check the path.'],
  ENOTDIR: ['not_a_folder', 'That is a file, not a folder', 'Check the path.'],
  EEXIST: ['file_exists', 'There is something of that name already', 'Choose another name.'],
  EACCES: ['permission_denied', 'Access was denied', 'Check the owner and mode of the path.'],
  EPERM: [
    'permission_denied',
    'The system did not allow it',
    'Check the owner and mode of the path.',
  ],
  EROFS: ['read_only', 'The file system is read-only', 'Choose another folder.'],
  ENOSPC: ['disk_full', 'The disk is full', 'Free some space and run the same command again.'],
  EDQUOT: ['disk_full', 'The disk quota is used up', 'Free some space and run the command again.'],
  EMFILE: ['too_many_files', 'Too many files are open', 'Raise the limit with `ulimit -n`.'],
  EADDRINUSE: ['address_in_use', 'The port is in use', 'Choose another port.'],
}

/** Of these the ones that a wrong path leads to. */
const wrongPaths = new Set(['file_missing', 'file_exists', 'not_a_folder'])

/** Turns whatever was thrown into what is shown. Never puts a stack or a value into it. */
export function describeFailure(error: unknown): FailureReport {
  if (error instanceof CommandFailure) return describeOwn(error)
  if (isCoded(error)) return describeCoded(error)
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const known = systemErrors[error.code]
    if (known) return describeSystem(known, error)
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'An unknown failure'
  return {
    code: 'internal',
    message: printable(message, 400),
    cure: 'This is a defect. NETCERT_TRACE=1 shows where it arose; please report it.',
    exit: exitCodes.fault,
  }
}

function describeOwn(error: CommandFailure): FailureReport {
  const { code, message, cure, exit } = error
  const said = { code, message: printable(message), ...causeOf(error), cure: printable(cure) }
  return { ...said, ...findingsOf(error), exit }
}

function describeCoded(error: Error & { readonly code: string }): FailureReport {
  const { what, cure } = splitCure(error)
  return {
    code: error.code,
    message: printable(what),
    ...causeOf(error),
    ...(cure === undefined ? {} : { cure: printable(cure) }),
    ...findingsOf(error),
    ...freshnessOf(error),
    exit: exitOfCode(error.code),
  }
}

/** The roles' errors list them in this shape. */
function findingsOf(error: Error): Pick<FailureReport, 'findings'> {
  if (!('findings' in error) || !Array.isArray(error.findings)) return {}
  // Other roles' errors have findings of their own, without sentences: their message says it all.
  const findings = error.findings.filter(isFinding)
  return findings.length === 0 ? {} : { findings }
}

/** On the error, or on the one that was told in the reader's language. */
function freshnessOf(error: Error): Pick<FailureReport, 'freshness'> {
  const { cause } = error
  const told = 'freshness' in error ? error.freshness : Object(cause).freshness
  const { verdict, reason, asOf, ageSeconds } = Object(told) as Record<string, unknown>
  if (typeof verdict !== 'string' || typeof reason !== 'string') return {}
  if (!(asOf instanceof Date) || typeof ageSeconds !== 'number') return {}
  const as_of = asOf.toISOString()
  return { freshness: { verdict, reason, as_of, age_seconds: ageSeconds } }
}

function isFinding(value: unknown): value is FailureFinding {
  if (typeof value !== 'object' || value === null) return false
  return 'field' in value && 'reason' in value && 'cure' in value
}

function describeSystem(known: readonly [string, string, string], error: Error): FailureReport {
  const [code, what, cure] = known
  const path = 'path' in error && typeof error.path === 'string' ? `: ${printable(error.path)}` : ''
  const exit = wrongPaths.has(code) ? exitCodes.wrongUse : exitCodes.fault
  return { code, message: `${what}${path}.`, cure, exit }
}

/**
 * The roles' errors carry a snake_case code. They are known by that shape and not by their class,
 * so that showing one loads no role.
 */
function isCoded(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[a-z][a-z0-9_]*$/.test(error.code)
  )
}

/** The roles' messages say what failed in their first sentence and what to do in the rest. */
function splitCure(error: Error): { what: string; cure: string | undefined } {
  if ('cure' in error && typeof error.cure === 'string') {
    return { what: error.message, cure: error.cure }
  }
  const sentence = error.message.search(/[.!?] (?=[\p{Lu}`])/u)
  const end = sentence < 0 ? error.message.indexOf('; ') : sentence
  if (end < 0) return { what: error.message, cure: undefined }
  const cure = error.message.slice(end + 2).trim()
  const what = `${error.message.slice(0, end)}.`
  // A command that is to be run begins as it is typed.
  if (cure.startsWith('netcert ')) return { what, cure }
  return { what, cure: cure.charAt(0).toUpperCase() + cure.slice(1) }
}

/** Why it failed, where that says more than the failure itself. */
function causeOf(error: Error & { readonly code?: unknown }): { cause?: string } {
  const { cause } = error
  if (!(cause instanceof Error)) return {}
  const { what } = isCoded(cause) ? splitCure(cause) : { what: cause.message }
  if (what.toLowerCase() === error.message.toLowerCase()) return {}
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  const named = code === undefined || code === error.code ? '' : ` (${code})`
  return { cause: printable(`${what}${named}`, 400) }
}
