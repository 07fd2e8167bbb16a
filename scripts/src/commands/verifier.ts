import { type Command, Option } from 'commander'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { readInputText } from '../read-input.js'
import { collect, readPolicy, readQueryPolicies } from '../read-policy.js'
import { styled } from '../screen.js'
import { verifierFolder } from '../verifier-folder.js'
import { allowHttpLoopback, type LoopbackOption } from '../wire-options.js'
import { addVerifierStatus } from './verifier-status.js'

/** `netcert verifier …`: a verifier's folder, its accreditations and what it keeps. */
export function addVerifierCommands(program: Command): void {
  const verifier = program
    .command('verifier')
    .description('set a verifier up, have it accredited (--dir is its folder)')
  addInit(verifier)
  addKey(verifier)
  addAccredit(verifier)
  addRetained(verifier)
  addRenewCertificate(verifier)
  addVerifierStatus(verifier)
}

type InitOptions = LoopbackOption & {
  readonly baseUrl: string
  readonly trust: string
  readonly lists?: string
  readonly listsUrl?: string
  readonly packs?: true
  readonly packsUrl?: string
  readonly policy?: string
  readonly queryPolicy?: readonly string[]
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
    .addOption(
      new Option('--packs', 'or nowhere: offline packs are all it goes by').conflicts([
        'lists',
        'listsUrl',
      ]),
    )
    .addOption(
      new Option('--packs-url <url>', 'the same, and where the newest pack is served').conflicts([
        'lists',
        'listsUrl',
      ]),
    )
    .option('--policy <file|preset>', 'how old evidence may be here (else grace-24h)')
    .option('--query-policy <query=policy>', 'the same for one query; may be repeated', collect)
    .option('--database-url-file <file>', 'file with the URL of a PostgreSQL database')
    .addHelpText(
      'after',
      `
ca.pem in its folder is what wallets take as verifier-anchors.pem to know it by certificate.

Examples:
  netcert verifier init --dir ./verifier --trust root.did --lists ./public
  netcert verifier init --dir /srv/verifier --base-url https://tickets.example \\
      --trust root.did --lists-url https://issuer.example
  netcert verifier init --dir ./gate --trust root.did --packs --policy flag-72h`,
    )
  perform<InitOptions>(command, initialise)
}

async function initialise(invocation: Invocation, options: InitOptions): Promise<void> {
  const { initVerifier } = await import('@netcert/verifier/server')
  const { screen, clock } = invocation
  const dir = await verifierFolder(issuerDir(invocation))
  const { baseUrl, trust, databaseUrlFile, policy, queryPolicy = [] } = options
  const rootDid = await readInputText({ path: trust, what: 'The root', limitBytes: 1024 })
  const documents = Object.entries(await readQueryPolicies(queryPolicy)).map(
    ([query, { document }]) => [query, document] as const,
  )
  const report = await initVerifier({
    ...{ dir, baseUrl, rootDid, ...listsFrom(options), now: clock() },
    ...(policy === undefined ? {} : { freshness: (await readPolicy(policy)).document }),
    queryFreshness: Object.fromEntries(documents),
    ...(databaseUrlFile === undefined ? {} : { databaseUrlFile }),
  })
  screen.line(styled('green', 'The verifier is set up'), ` in ${dir}`)
  screen.line('  served at ', baseUrl)
  const bring = options.packs === true ? 'netcert pack import FILE, then ' : ''
  screen.line('  next      ', `${bring}netcert serve verifier --dir ${dir}`)
  screen.result({ dir, ...report })
}

function listsFrom({ lists, listsUrl, packs, packsUrl }: InitOptions) {
  if (packsUrl !== undefined) return { packs: { url: packsUrl } }
  if (packs === true) return { packs }
  return listsUrl === undefined ? { listsDir: lists ?? 'public' } : { listsUrl }
}

function addKey(verifier: Command): void {
  const command = verifier
    .command('key')
    .description('print the public request key, for the registration of the platform')
    .addHelpText(
      'after',
      `
The JWK is what an accreditation is made for. With --json it comes under the names that the file of
\`netcert platform register\` has, and the addresses with it.

Examples:
  netcert verifier key --dir ./verifier > request-key.json
  netcert verifier key --dir ./verifier --json`,
    )
  perform<object>(command, showKey)
}

async function showKey(invocation: Invocation): Promise<void> {
  const { readRequestKey } = await import('@netcert/verifier/server')
  const { screen } = invocation
  const dir = await verifierFolder(issuerDir(invocation))
  const { jwk, did, baseUrl, receiptUri, deletionUri } = await readRequestKey({ dir })
  if (!screen.json) screen.raw(`${JSON.stringify(jwk)}\n`)
  screen.result({
    ...{ request_jwk: jwk, addresses: { receipt: receiptUri, deletion: deletionUri } },
    ...{ did, base_url: baseUrl },
  })
}

/** Longest accreditation that is read. */
const MOST_ACCREDITATION_BYTES = 64 * 1024

function addAccredit(verifier: Command): void {
  const command = verifier
    .command('accredit')
    .argument('<file>', 'the accreditation, or - for standard input')
    .description('check an accreditation and put it into the folder')
    .addOption(allowHttpLoopback())
    .addHelpText(
      'after',
      `
It must come from a registrar on the trust list and be for this request key. The first one settles for
good which platform this verifier is. A later one for the same purpose takes its place; renewals are
picked up by the running server from the public register.

Examples:
  netcert verifier accredit sign-in.jwt --dir ./verifier
  netcert platform accredit https://shop.example --purpose sign-in | netcert verifier accredit -`,
    )
  perform<LoopbackOption>(command, accredit)
}

async function accredit(
  invocation: Invocation,
  options: LoopbackOption,
  [path = '-']: readonly string[],
): Promise<void> {
  const { installAccreditation } = await import('@netcert/verifier/server')
  const { screen, clock, language } = invocation
  const token = await readInputText({
    ...{ path, what: 'The accreditation', limitBytes: MOST_ACCREDITATION_BYTES },
  })
  const { platformId, name, purpose, purposeId, expiresAt } = await installAccreditation({
    dir: await verifierFolder(issuerDir(invocation)),
    token,
    clock,
    allowHttpLoopback: options.allowHttpLoopback === true,
  })
  screen.line(styled('green', 'Accredited'), `  ${name[language]}`)
  screen.line('  platform  ', platformId)
  screen.line('  purpose   ', `${purposeId}: ${purpose[language]}`)
  screen.line('  until     ', expiresAt.toISOString())
  screen.result({ platform_id: platformId, purpose: purposeId, expires_at: expiresAt })
}

function addRetained(verifier: Command): void {
  const command = verifier
    .command('retained')
    .description('count the claims that are kept, and say until when')
    .addHelpText(
      'after',
      `
Claims are kept only where an accreditation says so, sealed, and deleted when their time is over. No
value and no account is shown.

Examples:
  netcert verifier retained --dir ./verifier
  netcert verifier retained --dir ./verifier --json`,
    )
  perform<object>(command, showRetained)
}

async function showRetained(invocation: Invocation): Promise<void> {
  const { readVerifierStanding } = await import('@netcert/verifier/server')
  const { screen, clock } = invocation
  const dir = await verifierFolder(issuerDir(invocation))
  const { retained } = await readVerifierStanding({ dir, clock })
  if (retained.length === 0) screen.line('No claim of anybody is kept.')
  else screen.line(`Claims are kept for ${retained.length} purposes:`)
  for (const { purpose, persons, records, firstEndsAt, lastEndsAt } of retained) {
    screen.line('  ', styled('bold', purpose), `  ${persons} accounts, ${records} records`)
    screen.line(`    deleted from ${firstEndsAt.toISOString()} to ${lastEndsAt.toISOString()}`)
  }
  screen.result({ retained })
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
