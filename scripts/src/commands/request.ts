import type { VerifierDesk } from '@netcert/verifier/server'
import { type Command, Option } from 'commander'
import { oneOf } from '../choices.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { drawQrCode } from '../qr-code.js'
import { readInputText } from '../read-input.js'
import { readQuery } from '../read-query.js'
import { styled } from '../screen.js'
import { verdictOf } from '../verdict.js'
import { verifierFolder } from '../verifier-folder.js'
import { allowHttpLoopback, type LoopbackOption } from '../wire-options.js'

/** `netcert verifier init` and `netcert request …`: what a platform does on the wire. */
export function addRequestCommands(program: Command): void {
  const verifier = program
    .command('verifier')
    .description('set a verifier up (--dir is its folder)')
  addInit(verifier)
  addRenewCertificate(verifier)
  const request = program.command('request').description('ask wallets (--dir is the verifier)')
  addCreate(request)
  addResult(request)
}

type InitOptions = LoopbackOption & {
  readonly baseUrl: string
  readonly trust: string
  readonly lists?: string
  readonly listsUrl?: string
  readonly databaseUrlFile?: string
}

function addInit(verifier: Command): void {
  const command = verifier
    .command('init')
    .description('make a verifier: keys, certificates of an own small CA, store of sessions')
    .option('--base-url <url>', 'where wallets reach it', 'http://127.0.0.1:8641')
    .requiredOption('--trust <root.did>', 'file with the root it believes')
    .option('--lists <dir>', 'folder of published lists')
    .addOption(new Option('--lists-url <url>', 'or where they are served').conflicts('lists'))
    .option('--database-url-file <file>', 'file with the URL of a PostgreSQL database')
    .addHelpText(
      'after',
      `
ca.pem in its folder is what wallets take as verifier-anchors.pem to know it by certificate.

Examples:
  netcert verifier init --dir ./verifier --trust root.did --lists ./public
  netcert verifier init --dir /srv/verifier --base-url https://tickets.example \\
      --trust root.did --lists-url https://issuer.example`,
    )
  perform<InitOptions>(command, initialise)
}

async function initialise(invocation: Invocation, options: InitOptions): Promise<void> {
  const { initVerifier } = await import('@netcert/verifier/server')
  const { screen, clock } = invocation
  const dir = await verifierFolder(issuerDir(invocation))
  const { baseUrl, trust, lists, listsUrl, databaseUrlFile } = options
  const rootDid = await readInputText({ path: trust, what: 'The root', limitBytes: 1024 })
  const from = listsUrl === undefined ? { listsDir: lists ?? 'public' } : { listsUrl }
  const report = await initVerifier({
    ...{ dir, baseUrl, rootDid, ...from, now: clock() },
    ...(databaseUrlFile === undefined ? {} : { databaseUrlFile }),
  })
  screen.line(styled('green', 'The verifier is set up'), ` in ${dir}`)
  screen.line('  served at ', baseUrl)
  screen.line('  next      ', `netcert serve verifier --dir ${dir}`)
  screen.result({ dir, ...report })
}

function addRenewCertificate(verifier: Command): void {
  const command = verifier
    .command('renew-certificate')
    .description('certify the request key for another year, by the verifier’s own small CA')
    .addHelpText(
      'after',
      `
Wallets that know ca.pem need nothing new. Start \`netcert serve verifier\` again afterwards: the name
by x509_hash changes with the certificate.

Example:
  netcert verifier renew-certificate --dir ./verifier`,
    )
  perform<object>(command, renew)
}

async function renew(invocation: Invocation): Promise<void> {
  const { renewCertificate } = await import('@netcert/verifier/server')
  const { screen, clock } = invocation
  const dir = await verifierFolder(issuerDir(invocation))
  const report = await renewCertificate({ dir, now: clock() })
  screen.line(styled('green', 'Renewed'), ` until ${report.notAfter.toISOString()}`)
  screen.line('  before    ', `until ${report.before.toISOString()}`)
  screen.line('  next      ', `start netcert serve verifier --dir ${dir} again`)
  screen.result(report)
}

type CreateOptions = LoopbackOption & {
  readonly query: string
  readonly clientId: 'did' | 'x509_hash' | 'x509_san_dns' | 'redirect_uri'
  readonly mode: 'direct_post' | 'direct_post.jwt'
}

function addCreate(request: Command): void {
  const command = request
    .command('create')
    .description('make a request: a link or QR code for a wallet, and a session for its answer')
    .requiredOption('--query <name>', 'a ready query such as age-over-18, or a file with DCQL')
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
did, x509_hash, x509_san_dns or redirect_uri (unsigned). The session is for you alone: whoever has it
can fetch the result, once.

Examples:
  netcert request create --query age-over-18
  netcert request create --dir ./verifier --query query.json --client-id x509_hash --json`,
    )
  perform<CreateOptions>(command, create)
}

async function create(invocation: Invocation, options: CreateOptions): Promise<void> {
  const { screen } = invocation
  const { clientId, mode } = options
  const query = await readQuery(options.query)
  const asked = await withDesk(invocation, options, (desk) =>
    desk.createRequest({ query, clientId, mode }),
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
