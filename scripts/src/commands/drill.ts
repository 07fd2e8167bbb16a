import type { Command } from 'commander'
import { duration } from '../demo/story.js'
import type { DrillResult } from '../drill/drill.js'
import { type ExitCode, exitCodes, wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { type Screen, styled, wrapped } from '../screen.js'

/** `netcert drill`: what goes wrong one day, practised and timed on an issuer made for it. */
export function addDrillCommand(program: Command): void {
  const command = program
    .command('drill')
    .argument('[names...]', 'which ones; all of them when none is named')
    .description('practise what goes wrong one day: notice it, get back, and take the time')
    .option('--list', 'only show what can be practised')
    .addHelpText(
      'after',
      `
Each drill makes an issuer of its own in a temporary folder, with a root of its own and addresses of
drill.netcert.invalid, breaks it, and throws it away. Your data folder is not looked at.
Exit 0 when all passed, 1 when one did not.

Examples:
  netcert drill
  netcert drill issuer-key-stolen database-lost --json`,
    )
  perform<{ readonly list?: true }>(command, runDrills)
}

async function runDrills(
  invocation: Invocation,
  { list }: { readonly list?: true },
  names: readonly string[],
): Promise<ExitCode> {
  const { screen } = invocation
  const [{ drills }, { runDrill }] = await Promise.all([
    import('../drill/drills.js'),
    import('../drill/run-drill.js'),
  ])
  if (list === true) {
    for (const { name, fault } of drills) screen.line(styled('bold', name.padEnd(22)), fault)
    screen.result({ drills: drills.map(({ name, fault }) => ({ name, fault })) })
    return exitCodes.done
  }
  const unknown = names.find((name) => !drills.some((drill) => drill.name === name))
  if (unknown !== undefined) {
    throw wrongUse('There is no such drill.', 'See netcert drill --list.')
  }
  const chosen = drills.filter(({ name }) => names.length === 0 || names.includes(name))
  let passed = 0
  for (const drill of chosen) {
    const result = await runDrill(drill)
    if (result.passed) passed += 1
    show(screen, result)
  }
  const all = passed === chosen.length
  screen.line()
  screen.line(styled(all ? 'green' : 'red', `${passed} of ${chosen.length} drills passed`))
  screen.result({ passed, failed: chosen.length - passed })
  return all ? exitCodes.done : exitCodes.refused
}

function show(screen: Screen, result: DrillResult): void {
  const { drill, fault, passed, steps, recoveryMilliseconds, failure } = result
  screen.line()
  screen.line(
    styled(passed ? 'green' : 'red', passed ? 'PASS' : 'FAIL'),
    '  ',
    styled('bold', drill),
  )
  for (const line of wrapped(fault, screen.columns - 8)) screen.line('      ', line)
  for (const { what, code, recovering } of steps) {
    const text = code === undefined ? what : `${what} (${code})`
    const lines = wrapped(text, screen.columns - 10)
    lines.forEach((line, at) => screen.line(`    ${at > 0 ? ' ' : recovering ? '↺' : '·'} `, line))
  }
  if (failure !== null) screen.line('    ', styled('red', failure))
  if (recoveryMilliseconds !== null) screen.line('    back in ', duration(recoveryMilliseconds))
  screen.result({
    drill,
    fault,
    passed,
    recovery_ms: recoveryMilliseconds,
    failure,
    steps: steps.map(({ what, code, recovering }) => ({ what, code: code ?? null, recovering })),
  })
}
