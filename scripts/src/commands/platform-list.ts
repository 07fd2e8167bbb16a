import { type Command, Option } from 'commander'
import { wholeNumber } from '../choices.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withRegistrar } from '../with-registrar.js'

/** `netcert platform list` and `reports`: what the registrar knows. */
export function addPlatformLists(platform: Command): void {
  perform<object>(
    platform
      .command('list')
      .description('every platform with its purposes, and until when each is accredited'),
    list,
  )
  const reports = platform
    .command('reports')
    .description('greedy requests that citizens reported, newest first')
    .option('--platform <id>', 'one platform alone')
    .addOption(
      new Option('--limit <n>', 'at most so many').argParser(wholeNumber(1, 10_000)).default(100),
    )
    .addHelpText(
      'after',
      `
A report is proven by the platform's own signature on the request; who sent it is not known. "registrar"
is what the registrar decides about the same request: \`allow\` means that only the wallet saw
too much, as over a day.

Examples:
  netcert platform reports --platform https://tickets.example`,
    )
  perform<ReportsOptions>(reports, showReports)
}

async function list(invocation: Invocation): Promise<void> {
  const platforms = await withRegistrar(invocation, (registrar) => registrar.list())
  const { screen, language } = invocation
  if (platforms.length === 0) screen.line('No platform is registered.')
  for (const { platform, name, removedAt, purposes } of platforms) {
    const ended = removedAt === null ? '' : `  removed ${dayOf(removedAt)}`
    screen.line(styled('bold', name?.[language] ?? platform), `  ${platform}${ended}`)
    if (removedAt !== null) continue
    writeTable(screen, {
      head: ['purpose', 'legal basis', 'accredited until'],
      rows: purposes.map(({ purpose, legalBasis, accreditedUntil }) => [
        purpose,
        legalBasis,
        accreditedUntil === null ? styled('yellow', 'not now') : dayOf(accreditedUntil),
      ]),
    })
  }
  screen.result({ platforms })
}

type ReportsOptions = { readonly platform?: string; readonly limit: number }

async function showReports(
  invocation: Invocation,
  { platform, limit }: ReportsOptions,
): Promise<void> {
  const reports = await withRegistrar(invocation, (registrar) =>
    registrar.reports({ limit, ...(platform === undefined ? {} : { platform }) }),
  )
  const { screen } = invocation
  if (reports.length === 0) screen.line('Nothing was reported.')
  else {
    writeTable(screen, {
      head: ['hour (UTC)', 'platform', 'code', 'registrar', 'asked'],
      rows: reports.map((report) => [
        report.reportedAt.toISOString().slice(0, 13).replace('T', ' '),
        report.platform,
        report.code,
        report.decision,
        report.findings.map(({ path }) => path.join('.') || 'the whole').join(', '),
      ]),
    })
  }
  screen.result({ reports })
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}
