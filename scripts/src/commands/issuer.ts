import type { PublicationRun } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { oneOf, wholeNumber } from '../choices.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'
import { addMintCommand } from './mint.js'

/** `netcert init`, `mint` and `publish`: the issuer's own commands. */
export function addIssuerCommands(program: Command): void {
  addInit(program)
  addMintCommand(program)
  addPublish(program)
}

type InitOptions = {
  readonly baseUrl: string
  readonly algorithm?: 'ES256' | 'EdDSA'
  readonly x5c?: true
  readonly cooldownDays?: number
  readonly platformNumberKey?: true
  readonly x5cFor?: readonly string[]
  readonly databaseUrlFile?: string
  readonly sourceDatabaseUrlFile?: string
  readonly auditDir?: string
}

function addInit(program: Command): void {
  const command = program
    .command('init')
    .description('set an issuer up: root, registrar, issuer and status keys, databases')
    .option('--base-url <url>', 'where the published files will be served', 'http://127.0.0.1:8640')
    .addOption(
      new Option(
        '--algorithm <name>',
        'signatures of the issuer: ES256 (default) or EdDSA',
      ).argParser(oneOf('ES256', 'EdDSA')),
    )
    .option('--x5c', 'name the issuer by its base URL and certificates of an own small CA')
    .addOption(
      new Option(
        '--x5c-for <configuration...>',
        'only for these: network-certificate, network-certificate-platform, gate-pass',
      ).conflicts('x5c'),
    )
    .addOption(
      new Option(
        '--cooldown-days <days>',
        'how long somebody who cancels and returns has the same platform numbers (30; 0 for none)',
      ).argParser(wholeNumber(0, 365)),
    )
    .option(
      '--platform-number-key',
      'only add the key an issuer from before platform numbers lacks',
    )
    .option('--database-url-file <file>', 'file with the URL of a PostgreSQL database')
    .option('--source-database-url-file <file>', 'the same for the authentic source')
    .option('--audit-dir <dir>', 'where the audit log is mirrored: best another disk (audit)')
    .addHelpText('after', initHelp)
  perform<InitOptions>(command, init)
}

const initHelp = `
The base URL stands in every certificate with a status and cannot be changed later.
With --x5c, ca.pem is the anchor for whoever verifies by certificate (HAIP); secrets/ca.key has done
its work and can be moved away with the root key.
Move secrets/root.key to a medium that is kept offline; it is only needed to publish.

Examples:
  netcert init
  netcert init --dir /srv/netcert --base-url https://status.example
  netcert init --x5c --base-url https://issuer.example
  netcert init --x5c-for network-certificate-platform --base-url https://issuer.example`

async function init(invocation: Invocation, options: InitOptions): Promise<void> {
  const { addPlatformNumberKey, initIssuer } = await import('@netcert/issuer')
  const { screen } = invocation
  const { baseUrl, algorithm, x5c, x5cFor, cooldownDays } = options
  const { databaseUrlFile, sourceDatabaseUrlFile, auditDir } = options
  const dir = issuerDir(invocation)
  if (options.platformNumberKey === true) {
    await addPlatformNumberKey({ dir })
    screen.line(styled('green', 'The platform number key is made'), ` in ${dir}/secrets`)
    screen.line('  Back it up offline: with another key every platform number changes.')
    return screen.result({ dir, platform_number_key: true })
  }
  const report = await initIssuer({
    dir,
    baseUrl,
    now: invocation.clock(),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(cooldownDays === undefined ? {} : { cooldownDays }),
    ...(x5c === true ? { keyMode: 'x5c' as const } : {}),
    ...(x5cFor === undefined
      ? {}
      : { keyModes: Object.fromEntries(x5cFor.map((id) => [id, 'x5c' as const])) }),
    ...(databaseUrlFile === undefined ? {} : { databaseUrlFile }),
    ...(auditDir === undefined ? {} : { auditDir }),
    ...(sourceDatabaseUrlFile === undefined ? {} : { sourceDatabaseUrlFile }),
  })
  screen.line(styled('green', 'The issuer is set up'), ` in ${dir}`)
  screen.line('  root      ', report.rootDid)
  for (const iss of report.issuers) screen.line('  issuer    ', iss)
  screen.line('  served at ', baseUrl)
  screen.line()
  screen.line('  Back secrets/platform-number.key up: every platform number hangs on it.')
  screen.line('  Move secrets/root.key away: it names issuers, and only `publish` needs it.')
  screen.line('  Give root.did to every verifier and wallet: it is what they trust.')
  screen.result({ dir, ...report })
}

type PublishOptions = {
  readonly out: string
  readonly rootKey?: string
  readonly now?: true
  readonly pack?: true
}

function addPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('write trust list, status lists and type metadata as static files')
    .requiredOption('--out <dir>', 'folder to write to; any web server can serve it')
    .option('--root-key <file>', 'the root key, where it is not in the data folder any more')
    .option('--now', 'status lists as of this moment, not as of the last tick')
    .option('--pack', 'build the next offline pack as well: packs/latest.ncpack')
    .addHelpText(
      'after',
      `
Run it at least twice a day: a status list counts as fresh for 12 hours and ends after 7 days. Status
lists change at each full tick (an hour, \`publish_tick_minutes\` of netcert.json), whatever happened in
it and however often this runs, so that nobody can tell what was revoked together; --now is for what
cannot wait. Each file is replaced in one step, so a server may serve the folder while it is written.
What cannot be written does not keep the rest: exit 1 says that something could not.

Examples:
  netcert publish --out ./public
  netcert publish --out ./public --now
  netcert publish --out /srv/www/netcert --root-key /media/vault/root.key`,
    )
  perform<PublishOptions>(command, publish)
}

async function publish(invocation: Invocation, options: PublishOptions): Promise<void> {
  const { screen } = invocation
  const { out, rootKey, now, pack } = options
  const root = rootKey === undefined ? {} : { rootKeyFile: rootKey }
  const run = await withIssuer(invocation, async (issuer) => {
    if (pack === true) await issuer.packs.build({ out: null, ...root })
    return issuer.lists.run({ out, atTick: now !== true, ...root })
  })
  const { failed, ...report } = run
  for (const { step, code } of failed) {
    screen.note(styled('red', 'ALARM'), ` ${step} was not published: ${code}`)
  }
  const [first] = failed
  // What was done is done; the exit code and the error are those of the first that was not.
  if (first !== undefined) throw first.error
  showPublished(invocation, options, report)
  screen.result({ out, ...report })
}

function showPublished(
  { screen }: Invocation,
  { out }: PublishOptions,
  { trustList, statusLists, types, cameOfAge, pack }: Omit<PublicationRun, 'failed'>,
): void {
  screen.line(styled('green', 'Published'), ` to ${out}`)
  if (trustList !== null) {
    const { sequence, signed, expiresAt } = trustList
    const day = expiresAt.toISOString().slice(0, 10)
    const made = signed ? 'signed now' : 'as before'
    screen.line('  trust list    ', `${sequence}, ${made}, ends ${day}`)
  }
  const changed = statusLists.filter(({ signed }) => signed).length
  const lists = changed === 0 ? ', as of the last tick' : `, ${changed} new`
  screen.line('  status lists  ', `${statusLists.length}${lists}`)
  screen.line('  types         ', types.length)
  if (pack !== null) screen.line('  offline pack  ', pack)
  if (cameOfAge > 0) screen.line('  came of age   ', `${cameOfAge} ward certificates ended`)
}
