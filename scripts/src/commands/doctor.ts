import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Finding } from '../doctor/finding.js'
import { type ExitCode, exitCodes } from '../failure.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { type Screen, styled, wrapped } from '../screen.js'

type DoctorOptions = { readonly lists?: string }

/** `netcert doctor`: what is wrong with this installation, and the cure. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('name each problem of this installation and its cure')
    .option('--lists <dir>', 'also look at a folder that `publish` wrote')
    .addHelpText(
      'after',
      `
Exit 0 when nothing is wrong (warnings may be shown), 1 when there is a problem.

Examples:
  netcert doctor
  netcert doctor --dir /srv/netcert --lists /srv/www/netcert --json`,
    )
  perform<DoctorOptions>(command, examine)
}

async function examine(invocation: Invocation, { lists }: DoctorOptions): Promise<ExitCode> {
  const findings = await collect(invocation, lists)
  for (const finding of findings) show(invocation.screen, finding)
  const problems = findings.filter(({ state }) => state === 'problem').length
  const warnings = findings.filter(({ state }) => state === 'warning').length
  invocation.screen.line()
  invocation.screen.line(
    problems === 0 ? styled('green', 'No problem') : styled('red', counted(problems, 'problem')),
    warnings === 0 ? '' : `, ${counted(warnings, 'warning')}`,
  )
  invocation.screen.result({ problems, warnings, findings })
  return problems === 0 ? exitCodes.done : exitCodes.refused
}

async function collect(invocation: Invocation, lists: string | undefined): Promise<Finding[]> {
  const dir = issuerDir(invocation)
  const now = invocation.clock()
  const { checkMachine } = await import('../doctor/machine.js')
  const findings = await checkMachine(dir, now)
  findings.push(...(await checkFolder(dir, invocation.clock)))
  if (lists !== undefined) {
    const { checkPublished } = await import('../doctor/published.js')
    findings.push(...(await checkPublished(lists, now)))
  }
  return findings
}

async function checkFolder(dir: string, clock: () => Date): Promise<Finding[]> {
  const { checkPacks, checkVerifier, hasVerifier } = await import('../doctor/verifier.js')
  const verifier = (await hasVerifier(dir))
    ? [...(await checkVerifier(dir, clock)), ...(await checkPacks(dir, clock()))]
    : []
  const issuer = await checkIssuerFolder(dir, clock)
  // The folder of a verifier alone is no issuer that was forgotten.
  const alone = verifier.length > 0 && issuer.every(({ code }) => code === 'not_initialised')
  return alone ? verifier : [...issuer, ...verifier]
}

/** A folder that is not there yet is no problem; one that cannot be looked into is. */
async function checkIssuerFolder(dir: string, clock: () => Date): Promise<Finding[]> {
  const { failed, warning } = await import('../doctor/finding.js')
  try {
    await stat(join(dir, 'netcert.json'))
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!missing) return [failed('Issuer', error)]
    const cure = 'Run `netcert init`, or name another folder with --dir.'
    return [warning('Issuer', 'not_initialised', `There is no issuer in ${dir}.`, cure)]
  }
  const { checkFiles } = await import('../doctor/files.js')
  const { checkIssuer } = await import('../doctor/issuer.js')
  return [...(await checkFiles(dir)), ...(await checkIssuer(dir, clock))]
}

const marks = {
  ok: styled('green', '✓'),
  warning: styled('yellow', '!'),
  problem: styled('red', '✗'),
}

function show(screen: Screen, { check, state, found, cure, code }: Finding): void {
  const lines = wrapped(found, screen.columns - 18)
  screen.line(' ', marks[state], ' ', check.padEnd(13), ' ', lines[0] ?? '')
  for (const line of lines.slice(1)) screen.line(' '.repeat(17), line)
  if (cure === undefined) return
  const rest = wrapped(`${cure}${code === undefined ? '' : ` (${code})`}`, screen.columns - 24)
  rest.forEach((line, at) =>
    screen.line(' '.repeat(17), at === 0 ? styled('dim', 'cure ') : '     ', line),
  )
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
