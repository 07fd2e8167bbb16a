import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { ExitCode } from './failure.js'
import { createProgress, type Progress } from './progress.js'
import { createScreen, type Screen } from './screen.js'

/** Languages verdicts are told in. */
export type Language = 'zh-CN' | 'en'

/** What every command is given besides its own options. */
export type Invocation = {
  readonly screen: Screen
  readonly json: boolean
  /** The data folder as an absolute path, where `--dir` or the environment names one. */
  readonly dir: string | undefined
  readonly language: Language
  /** Key file of the operator who gives the command, where one is named. */
  readonly operatorKeyFile?: string | undefined
  /** Key file of a second operator. */
  readonly secondKeyFile?: string | undefined
  readonly clock: () => Date
  progress(label: string, total?: number): Progress
}

/** Options that every command has. */
export type GlobalOptions = {
  readonly json?: true
  readonly dir?: string
  readonly lang?: Language
  readonly as?: string
  readonly second?: string
}

/** What a command does: returns its exit code, or nothing for "done". */
export type Work<O> = (
  invocation: Invocation,
  options: O,
  args: readonly string[],
) => Promise<ExitCode | undefined> | Promise<void>

/**
 * Gives a command its work. What the work returns becomes the process's exit code; what it throws
 * is shown by the entry point.
 */
export function perform<O>(command: Command, work: Work<O>): Command {
  return command.action(async (...given: unknown[]) => {
    const options = command.optsWithGlobals<O & GlobalOptions>()
    // An argument that was left out comes as undefined.
    const words = given.slice(0, -2).flat()
    const args = words.filter((word) => word !== undefined).map(String)
    process.exitCode = (await work(createInvocation(options), options, args)) ?? 0
  })
}

function createInvocation(options: GlobalOptions): Invocation {
  const json = options.json === true
  const dir = options.dir ?? process.env['NETCERT_DIR']
  return {
    screen: createScreen({ json, out: process.stdout, err: process.stderr }),
    json,
    dir: dir === undefined || dir === '' ? undefined : resolve(expandHome(dir)),
    language: options.lang ?? languageOf(process.env),
    operatorKeyFile: fileNamed(options.as ?? process.env['NETCERT_OPERATOR_KEY']),
    secondKeyFile: fileNamed(options.second),
    clock: () => new Date(),
    progress: (label, total) =>
      createProgress({
        label,
        ...(total === undefined ? {} : { total }),
        stream: process.stderr,
        json,
      }),
  }
}

/** The language of a POSIX environment: `LC_ALL`, `LC_MESSAGES`, `LANG`; Chinese or else English. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return /^zh([_-]|$)/i.test(locale) ? 'zh-CN' : 'en'
}

/** What an issuer is opened with: its folder, the clock, and who is at work. */
export function issuerPlace(invocation: Invocation) {
  const { clock, operatorKeyFile, secondKeyFile } = invocation
  return { dir: issuerDir(invocation), clock, operatorKeyFile, secondKeyFile }
}

/** The issuer's data folder. */
export function issuerDir({ dir }: Invocation): string {
  return dir ?? resolve('.netcert')
}

/** The wallet's folder. */
export function walletDir({ dir }: Invocation): string {
  return dir ?? resolve('.netcert', 'wallet')
}

/** An absolute path; nothing for no name. */
function fileNamed(path: string | undefined): string | undefined {
  return path === undefined || path === '' ? undefined : resolve(expandHome(path))
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path
}
