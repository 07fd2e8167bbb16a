import { type Command, Option } from 'commander'
import { wholeNumber } from '../choices.js'
import { wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { registrationTemplate, templatePurpose } from '../platform-template.js'
import { readInputJson } from '../read-input.js'
import { styled } from '../screen.js'
import { withRegistrar } from '../with-registrar.js'
import { refuseExisting, writeNewFile } from '../write-output.js'
import { addPlatformAccounts } from './platform-accounts.js'
import { addPlatformEndings } from './platform-ending.js'
import { addPlatformLists } from './platform-list.js'

/** Far more than any registration needs. */
const REGISTRATION_BYTES = 256 * 1024

/** `netcert platform …`: the registrar, who decides which platform may ask what. */
export function addPlatformCommands(program: Command): void {
  const platform = program
    .command('platform')
    .description('the registrar: which platform may ask what, why, and for how long')
  addTemplate(platform)
  addRegister(platform)
  addAccredit(platform)
  addRenew(platform)
  addPlatformEndings(platform)
  addPlatformLists(platform)
  addPlatformAccounts(platform)
}

function addTemplate(platform: Command): void {
  const command = platform
    .command('template <sector...>')
    .description('print a registration to fill in, with the purposes of these sectors')
    .addHelpText(
      'after',
      `
Sectors: telecom bank-account payment social-network ticketing venue-entry age-check
  account-re-authentication
What is left empty in the file is refused by \`platform register\`, place by place.

Examples:
  netcert platform template ticketing age-check > tickets.json`,
    )
  perform<object>(command, template)
}

async function template({ screen }: Invocation, _options: object, sectors: readonly string[]) {
  const { queries, sectorTemplates } = await import('@netcert/schemas')
  const names = Object.values(sectorTemplates)
  const purposes = [...new Set(sectors)].map((sector) => {
    const found = names.find(({ name }) => name === sector)
    if (found !== undefined) return templatePurpose(found, queries[found.query])
    const known = names.map(({ name }) => name).join(', ')
    throw wrongUse('There is no template for that sector.', `Use one of: ${known}.`)
  })
  screen.raw(`${JSON.stringify(registrationTemplate(purposes), null, 2)}\n`)
}

type RegisterOptions = { readonly update?: true }

function addRegister(platform: Command): void {
  const command = platform
    .command('register <file>')
    .description('register a platform from a JSON file; all or nothing')
    .option('--update', 'change what is registered of a platform')
    .addHelpText(
      'after',
      `
The file is described by schemas/platform-registration.schema.json; \`platform template\` begins one.
Its request key is what \`netcert verifier key\` prints. The id is permanent: platform numbers hang on
it, and it is never given to another operator, not even when the platform is removed.
After --update, accreditations that are out there stay as they are: accredit again, or revoke.

Examples:
  netcert platform register tickets.json
  netcert platform register tickets.json --update`,
    )
  perform<RegisterOptions>(command, register)
}

async function register(
  invocation: Invocation,
  { update }: RegisterOptions,
  [path = '']: readonly string[],
): Promise<void> {
  const what = 'The registration'
  const value = await readInputJson({ path, what, limitBytes: REGISTRATION_BYTES })
  const report = await withRegistrar(invocation, (registrar) =>
    registrar.register({ value, update: update === true }),
  )
  const { screen } = invocation
  screen.line(styled('green', headlines[report.outcome]), `  ${report.platform}`)
  for (const purpose of report.purposes) {
    const next = `netcert platform accredit ${report.platform} --purpose ${purpose} --out ${purpose}.jwt`
    screen.line('  next  ', next)
  }
  screen.result(report)
}

const headlines = {
  registered: 'Registered',
  changed: 'Changed',
  unchanged: 'Registered before, and unchanged',
} as const

type AccreditOptions = { readonly purpose: string; readonly out: string; readonly days?: number }

function addAccredit(platform: Command): void {
  const command = platform
    .command('accredit <id>')
    .description('sign an accreditation for one purpose of a platform')
    .requiredOption('--purpose <name>', 'as it is registered')
    .requiredOption('--out <file>', 'where the accreditation is written; it must not exist')
    .addOption(new Option('--days <n>', 'how long it lives (30)').argParser(wholeNumber(1, 30)))
    .addHelpText(
      'after',
      `
Give the file to the platform, which installs it with \`netcert verifier accredit\`. Later ones are
renewed by \`platform renew\` and published in the register.

Examples:
  netcert platform accredit https://tickets.example --purpose ticketing --out ticketing.jwt`,
    )
  perform<AccreditOptions>(command, accredit)
}

async function accredit(
  invocation: Invocation,
  { purpose, out, days }: AccreditOptions,
  [platform = '']: readonly string[],
): Promise<void> {
  await refuseExisting(out)
  const { token, ...signed } = await withRegistrar(invocation, (registrar) =>
    registrar.accredit({ platform, purpose, ...(days === undefined ? {} : { days }) }),
  )
  await writeNewFile({ path: out, lines: [token] })
  const { screen } = invocation
  screen.line(styled('green', 'Accredited'), `  ${platform}  ${purpose}`)
  screen.line('  until  ', signed.expiresAt.toISOString().slice(0, 10))
  screen.line('  file   ', out)
  screen.line('  next   ', `netcert verifier accredit ${out}`)
  screen.result({ ...signed, file: out })
}

function addRenew(platform: Command): void {
  const command = platform
    .command('renew')
    .description('renew every accreditation that ends within ten days')
    .addHelpText(
      'after',
      `
\`netcert serve issuer\` does so every hour; without it, run this daily and publish after it. What was
revoked, or whose purpose is registered no more, is not renewed.

Examples:
  netcert platform renew && netcert publish --out ./public`,
    )
  perform<object>(command, renew)
}

async function renew(invocation: Invocation): Promise<void> {
  const report = await withRegistrar(invocation, (registrar) => registrar.renew())
  const { screen } = invocation
  const { renewed, ended } = report
  screen.line(styled('green', 'Renewed'), `  ${renewed.length}`)
  for (const { platform, purpose, expiresAt } of renewed) {
    screen.line(`  ${platform}  ${purpose}  until ${expiresAt.toISOString().slice(0, 10)}`)
  }
  for (const { platform, purpose } of ended) {
    screen.line(`  ${platform}  ${purpose}  is not registered any more, and ends`)
  }
  screen.result(report)
}
