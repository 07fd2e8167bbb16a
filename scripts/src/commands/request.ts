import type { VerifierDesk } from '@netcert/verifier/server'
import { type Command, Option } from 'commander'
import { oneOf } from '../choices.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { drawQrCode } from '../qr-code.js'
import { readQuery } from '../read-query.js'
import { styled } from '../screen.js'
import { verdictOf } from '../verdict.js'
import { verifierFolder } from '../verifier-folder.js'
import { allowHttpLoopback, type LoopbackOption } from '../wire-options.js'
import { addActCommands } from './request-act.js'

/** `netcert request …`: what a platform asks on the wire. */
export function addRequestCommands(program: Command): void {
  const request = program.command('request').description('ask wallets (--dir is the verifier)')
  addCreate(request)
  addResult(request)
  addActCommands(request, withDesk)
}

type CreateOptions = LoopbackOption & {
  readonly query: string
  readonly purpose?: string
  readonly clientId: 'did' | 'x509_hash' | 'x509_san_dns' | 'redirect_uri'
  readonly mode: 'direct_post' | 'direct_post.jwt'
}

function addCreate(request: Command): void {
  const command = request
    .command('create')
    .description('make a request: a link or QR code for a wallet, and a session for its answer')
    .requiredOption('--query <name>', 'a ready query such as age-over-18, or a file with DCQL')
    .option('--purpose <name>', 'the accreditation to ask under (else the first that covers it)')
    .addOption(
      new Option('--client-id <how>', 'how the verifier names itself: did, x509_hash, …')
        .argParser(oneOf('did', 'x509_hash', 'x509_san_dns', 'redirect_uri'))
        .default('did'),
    )
    .addOption(
      new Option('--mode <mode>', 'direct_post.jwt (encrypted) or direct_post')
        .argParser(oneOf('direct_post', 'direct_post.jwt'))
        .default('direct_post.jwt'),
    )
    .addOption(allowHttpLoopback())
    .addHelpText(
      'after',
      `
Works beside \`netcert serve verifier\` on the same folder, which answers the wallet. --client-id is
did, x509_hash, x509_san_dns or redirect_uri (unsigned, so facts alone). What no accreditation of the
folder covers is refused here, with the smaller claim that would serve. The session is for you alone: whoever has it
can fetch the result, once.

Examples:
  netcert request create --query age-over-18
  netcert request create --query sign-in --purpose sign-in --dir ./verifier
  netcert request create --dir ./verifier --query query.json --client-id x509_hash --json`,
    )
  perform<CreateOptions>(command, create)
}

async function create(invocation: Invocation, options: CreateOptions): Promise<void> {
  const { screen } = invocation
  const { clientId, mode, purpose } = options
  const query = await readQuery(options.query)
  const asked = await withDesk(invocation, options, (desk) =>
    desk.createRequest({ query, clientId, mode, ...(purpose === undefined ? {} : { purpose }) }),
  )
  const { requestUri, session, expiresAt } = asked
  screen.line(styled('bold', 'Request'), `  good until ${expiresAt.toISOString()}`)
  screen.line(requestUri)
  screen.line('  next  ', `netcert request result ${session}`)
  await drawQrCode(screen, requestUri)
  screen.result({ request_uri: requestUri, session, expires_at: expiresAt })
}

function addResult(request: Command): void {
  const command = request
    .command('result')
    .argument('<session>', 'as `request create` gave it')
    .description('what the wallet’s answer said, once; exit 1 where it was refused')
    .addOption(allowHttpLoopback())
    .addHelpText(
      'after',
      `
Examples:
  netcert request result <session>
  netcert request result <session> --dir ./verifier --json`,
    )
  perform<LoopbackOption>(command, showResult)
}

async function showResult(
  invocation: Invocation,
  options: LoopbackOption,
  [session = '']: readonly string[],
): Promise<void> {
  const { screen, language } = invocation
  const { sentenceFor } = await import('@netcert/verifier')
  const result = await withDesk(invocation, options, (desk) =>
    desk.result(session, null).catch((error: unknown) => {
      throw verdictOf(error, (code) => sentenceFor(code, language))
    }),
  )
  screen.line(styled('green', 'Verified'))
  screen.line(JSON.stringify(result))
  screen.result(result)
}

async function withDesk<T>(
  invocation: Invocation,
  options: LoopbackOption,
  work: (desk: VerifierDesk) => Promise<T>,
): Promise<T> {
  const { openVerifierDesk } = await import('@netcert/verifier/server')
  const desk = await openVerifierDesk({
    dir: await verifierFolder(issuerDir(invocation)),
    clock: invocation.clock,
    allowHttpLoopback: options.allowHttpLoopback === true,
  })
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}
