import { type Command, Option } from 'commander'
import { citizenReference } from '../citizen-reference.js'
import { counted } from '../counted.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'
import { refuseExisting, writeNewFile } from '../write-output.js'

type CancelOptions = { readonly citizen: string; readonly out?: string }

/** `netcert person cancel`: ends everything the issuer has of a person. */
export function addPersonCancel(person: Command): void {
  const command = person
    .command('cancel')
    .description('delete an enrolled person with everything of theirs; gives the erasure receipt')
    .addOption(
      new Option('--citizen <reference>', 'who asked for it')
        .argParser(citizenReference)
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'write the receipt to a new file, for the citizen')
    .addHelpText(
      'after',
      `
One transaction revokes every certificate and deletes the person, their applications, grants, tokens,
devices and codes. What stays is anonymous, but for a keyed tag until the end of the cool-down. The
authentic source is another database and is not touched. The receipt is signed with the status key.
Asking again gives the same receipt, also after a crash; exit 2 when nobody of that reference is
enrolled, nor was lately. Verifiers learn of it from the next lists: run \`netcert publish\`.
Citizens do it themselves with \`netcert wallet cancel\`.

Examples:
  netcert person cancel --citizen <reference>
  netcert person cancel --citizen <reference> --out receipt.jwt`,
    )
  perform<CancelOptions>(command, cancel)
}

async function cancel(invocation: Invocation, { citizen, out }: CancelOptions): Promise<void> {
  const { screen } = invocation
  // Said before anything is deleted: the receipt would be on the screen only.
  if (out !== undefined) await refuseExisting(out)
  const done = await withIssuer(invocation, (issuer) => issuer.erasure.cancel(citizen))
  const { report, receipt, finished } = done
  if (out !== undefined) await writeNewFile({ path: out, lines: [receipt] })
  if (report === null) screen.line(styled('bold', 'Cancelled before'), ': the same receipt again')
  else {
    screen.line(
      styled('green', 'Cancelled'),
      `  ${counted(report.revoked, 'batch', 'batches')} revoked`,
    )
    if (report.withoutStatus > 0) {
      const ending = counted(report.withoutStatus, 'batch has', 'batches have')
      screen.line(`  ${ending} no status: the copies end within days`)
    }
    const until = report.coolDownUntil
    if (until !== null) screen.line('  cool-down until ', until.toISOString())
  }
  if (!finished) {
    screen.line(
      styled('yellow', 'Not finished'),
      ': a reader holds on to old pages of the database',
    )
    screen.line(
      '  next  netcert retention run, until it says finished; the server does it by itself',
    )
  }
  screen.line('  receipt ', out ?? receipt)
  screen.line('  next  netcert publish --out <dir>, so that verifiers learn of it')
  screen.result({
    citizen,
    repeated: report === null,
    revoked: report?.revoked ?? null,
    without_status: report?.withoutStatus ?? null,
    cool_down_until: report?.coolDownUntil ?? null,
    finished,
    receipt,
  })
}
