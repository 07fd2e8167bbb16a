import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { wholeNumber } from '../choices.js'
import { CommandFailure, exitCodes, type ExitCode } from '../failure.js'
import { listenForInterrupt } from '../interrupt.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'

type GateServeOptions = { readonly port: number; readonly host: string; readonly pack?: string }

/** `netcert gate serve`: the page that kiosks install. Call it with the `gate` command. */
export function addGateServe(gate: Command): Command {
  const command = gate
    .command('serve')
    .description('serve the page that a kiosk opens once and then runs without a network')
    .addOption(
      new Option('--port <n>', 'port to listen on').default(8650).argParser(wholeNumber(0, 65_535)),
    )
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .option('--pack <file>', 'offline pack that kiosks can fetch from here (.ncpack)')
    .addHelpText(
      'after',
      `
Static files and nothing else: lane files and their codes never pass here. Browsers give the camera to
this machine (127.0.0.1) or to https: for tablets put TLS in front. Prints one line when it takes
requests; with --json {"ready":true,"url":…}. SIGTERM or Ctrl-C ends it (exit 0).

Examples:
  netcert gate serve
  netcert gate serve --port 8650 --pack ./latest.ncpack --json`,
    )
  return perform<GateServeOptions>(command, serve)
}

async function serve(invocation: Invocation, options: GateServeOptions): Promise<ExitCode> {
  const { screen } = invocation
  const packFile = options.pack === undefined ? undefined : resolve(options.pack)
  if (packFile !== undefined) await assertThere(packFile)
  const { serveGatePage } = await import('@netcert/verifier/gate-page')
  const interruption = listenForInterrupt('Run the same command again.')
  const { host, port } = options
  const server = await serveGatePage({
    host,
    port,
    ...(packFile === undefined ? {} : { packFile }),
  })
  try {
    screen.line(styled('green', 'Ready'), `  ${server.url}`)
    screen.result({ ready: true, url: server.url })
    await interruption.wait()
    return exitCodes.done
  } finally {
    await server.close()
    interruption.close()
  }
}

async function assertThere(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (isThere) return
  throw new CommandFailure('file_missing', `There is no pack at ${file}.`, {
    exit: exitCodes.wrongUse,
    cure: 'Name another file, or leave --pack out.',
  })
}
