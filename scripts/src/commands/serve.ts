import { type Command, Option } from 'commander'
import { wholeNumber } from '../choices.js'
import { refuseDebuggers } from '../closed-process.js'
import { exitCodes, type ExitCode } from '../failure.js'
import { listenForInterrupt } from '../interrupt.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { logConsole, operatorLog } from '../operator-log.js'
import { styled } from '../screen.js'
import { collect } from '../read-policy.js'
import type { Serving, ServingOptions } from '../serving.js'
import { allowHttpLoopback, type LoopbackOption } from '../wire-options.js'
import { addServeWallet } from './serve-wallet.js'

type ServeOptions = LoopbackOption & {
  readonly port?: number
  readonly verifierPort?: number
  readonly host: string
  readonly addressHeader?: string
  readonly demoPresence?: true
  readonly signer?: string
  readonly policy?: string
  readonly queryPolicy?: readonly string[]
  readonly metricsPort?: number
  readonly metricsHost?: string
}

type What = 'issuer' | 'verifier' | 'all'

/** `netcert serve …`: issuer and verifier on the wire. */
export function addServeCommands(program: Command): void {
  const serve = program.command('serve').description('serve wallets over OpenID4VCI and OpenID4VP')
  const issuer = add(serve, 'issuer', 'offers, certificates, published lists (--dir is the issuer)')
  const verifier = add(
    serve,
    'verifier',
    'requests and answers (--dir is the verifier, or its issuer)',
  )
  const all = add(serve, 'all', 'both on one machine; a verifier is set up where there is none')
  addServeWallet(serve)
  for (const one of [issuer, all]) {
    one.option('--signer <socket>', 'socket of a running `netcert signer` (else one is started)')
    one.addOption(
      port('--metrics-port <n>', 'serve metrics of lists and keys there (else nowhere)'),
    )
    one.option('--metrics-host <address>', 'address of the metrics (else this machine alone)')
  }
  for (const one of [verifier, all]) {
    one.option('--policy <file|preset>', 'how old evidence may be at this door (else as set up)')
    one.option('--query-policy <query=policy>', 'the same for one query; may be repeated', collect)
  }
  all.addOption(port('--verifier-port <n>', 'port of the verifier (else of its base URL)'))
  for (const command of [issuer, all]) {
    command.option('--demo-presence', 'a page for presence checks that believes everybody: a demo')
  }
}

function port(flags: string, description: string): Option {
  return new Option(flags, description).argParser(wholeNumber(1, 65_535))
}

function add(serve: Command, what: What, description: string): Command {
  const command = serve
    .command(what)
    .description(description)
    .addOption(port('--port <n>', 'port to listen on (else the one of the base URL)'))
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .option('--address-header <name>', 'header in which your own proxy names the caller')
    .addOption(allowHttpLoopback())
    .addHelpText(
      'after',
      `
Prints one line when it takes requests; with --json {"ready":true,"url":…}. SIGTERM or Ctrl-C ends
it after what is under way is answered (exit 0). The issuer publishes when it starts and at each tick
(\`publish_tick_minutes\` of netcert.json); what fails is an ALARM line, tried again. Put TLS in front of it: addresses in messages are
those of the base URL, whatever port it listens on.

Examples:
  netcert serve ${what} --dir ./issuer --port 8640 --allow-http-loopback
  netcert serve ${what} --dir /srv/netcert --port 8640 --json`,
    )
  return perform<ServeOptions>(command, (invocation, options) =>
    serveThem(invocation, what, options),
  )
}

async function serveThem(
  invocation: Invocation,
  what: What,
  options: ServeOptions,
): Promise<ExitCode> {
  refuseDebuggers()
  const { screen } = invocation
  const interruption = listenForInterrupt('Run the same command again.')
  const open: Serving[] = []
  try {
    const log = operatorLog(invocation)
    logConsole(log)
    const { serveIssuer, serveVerifier } = await import('../serving.js')
    const place = placeOf(invocation, options, log)
    const signer = options.signer === undefined ? {} : { signer: options.signer }
    const metrics = metricsOf(options)
    const ports = portOf(options.port)
    const policies = await policiesOf(options)
    if (what !== 'verifier')
      open.push(await serveIssuer({ ...place, ...ports, ...signer, ...metrics }))
    if (what === 'verifier')
      open.push(await serveVerifier({ ...place, ...ports, ...policies, setUp: false }))
    if (what === 'all') {
      const asked = portOf(options.verifierPort)
      open.push(await serveVerifier({ ...place, ...asked, ...policies, setUp: true }))
    }
    const [first, second] = open
    screen.line(styled('green', 'Ready'), `  ${open.map(({ url }) => url).join('  ')}`)
    screen.result({
      ready: true,
      url: first?.url,
      ...(second === undefined ? {} : { issuer: first?.url, verifier: second.url }),
    })
    await interruption.wait()
    return exitCodes.done
  } finally {
    await Promise.all(open.map((server) => server.close()))
    interruption.close()
  }
}

/** What was said of policies, where anything was. */
async function policiesOf({ policy, queryPolicy = [] }: ServeOptions) {
  const { readPolicy, readQueryPolicies } = await import('../read-policy.js')
  const named = Object.entries(await readQueryPolicies(queryPolicy))
  return {
    ...(policy === undefined ? {} : { freshness: (await readPolicy(policy)).policy }),
    queryFreshness: Object.fromEntries(named.map(([query, one]) => [query, one.policy] as const)),
  }
}

function placeOf(
  invocation: Invocation,
  options: ServeOptions,
  log: (line: string) => void,
): ServingOptions {
  return {
    dir: issuerDir(invocation),
    clock: invocation.clock,
    host: options.host,
    allowHttpLoopback: options.allowHttpLoopback === true,
    ...(options.addressHeader === undefined ? {} : { addressHeader: options.addressHeader }),
    ...(options.demoPresence === true ? { presence: 'demo' as const } : {}),
    log,
    json: invocation.json,
  }
}

function metricsOf({ metricsPort, metricsHost = '127.0.0.1' }: ServeOptions) {
  return metricsPort === undefined ? {} : { metrics: { port: metricsPort, host: metricsHost } }
}

function portOf(given: number | undefined): { readonly port?: number } {
  return given === undefined ? {} : { port: given }
}
