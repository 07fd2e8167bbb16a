import type { FailureFinding } from './describe-failure.js'

/** What a command's exit code says; documented in the README. */
export const exitCodes = { done: 0, refused: 1, wrongUse: 2, fault: 3, interrupted: 130 } as const

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Codes of what goes wrong in the command itself; the roles have theirs. */
export type CommandFailureCode =
  | 'wrong_use'
  | 'personal_data_on_command_line'
  | 'file_missing'
  | 'file_exists'
  | 'file_unreadable'
  | 'file_unwritable'
  | 'file_too_large'
  | 'not_a_file'
  | 'not_a_number'
  | 'not_utf8'
  | 'not_json'
  | 'json_character'
  | 'duplicate_json_key'
  | 'too_deep'
  | 'input_empty'
  | 'root_malformed'
  | 'folder_not_ours'
  | 'address_in_use'
  | 'address_forbidden'
  | 'network_refused'
  | 'image_unreadable'
  | 'qr_missing'
  | 'demo_unexpected'
  | 'trust_missing'
  | 'consent_needed'
  | 'sign_in_missing'
  | 'verifier_needed'
  | 'page_missing'
  | 'debugger_refused'
  | 'interrupted'

/** How a {@link CommandFailure} is made. */
export type CommandFailureOptions = {
  readonly exit: Exclude<ExitCode, 0>
  /** What to do about it, one sentence. */
  readonly cure: string
  readonly cause?: unknown
  /** What is wrong, in both languages, where a document was handed in. */
  readonly findings?: readonly FailureFinding[]
}

/** A failure of the command itself: what failed, what to do, and how the process ends. */
export class CommandFailure extends Error {
  readonly code: CommandFailureCode
  readonly exit: Exclude<ExitCode, 0>
  readonly cure: string
  readonly findings: readonly FailureFinding[]

  constructor(code: CommandFailureCode, what: string, options: CommandFailureOptions) {
    super(what, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'CommandFailure'
    this.code = code
    this.exit = options.exit
    this.cure = options.cure
    this.findings = options.findings ?? []
  }
}

/** A wrong use of the command line (exit 2). */
export function wrongUse(what: string, cure: string): CommandFailure {
  return new CommandFailure('wrong_use', what, { exit: exitCodes.wrongUse, cure })
}
