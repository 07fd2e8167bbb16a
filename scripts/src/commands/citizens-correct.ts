import { type Command, Option } from 'commander'
import { citizenReference } from '../citizen-reference.js'
import { counted } from '../counted.js'
import { type Invocation, perform } from '../invocation.js'
import { readInputJson } from '../read-input.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

type CorrectOptions = { readonly citizen: string }

const CORRECTION_BYTES = 64 * 1024

/** `netcert citizens correct`: what changed about somebody, in the source and in their certificates. */
export function addCitizensCorrect(citizens: Command): void {
  const command = citizens
    .command('correct')
    .argument('<file.json>', 'what changed and nothing else, or - for standard input')
    .description('correct names, region, document or phones of a citizen; every number stays')
    .addOption(
      new Option('--citizen <reference>', 'whose')
        .argParser(citizenReference)
        .makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      `
Members: document_type document_number family_name given_name residence_region phone
  emergency_contact_phone, each a text; what is not written stays as it is.
Of somebody enrolled every certificate with a status is revoked (facts_changed) and wallets fetch new
ones; network number and numbers at platforms stay, and the old document leads to the same person.
Interrupted, it is finished by running it again. Exit 1 when there was nothing to change.

Examples:
  netcert citizens correct --citizen <reference> change.json
  echo '{"residence_region":"SH"}' | netcert citizens correct --citizen <reference> -`,
    )
  perform<CorrectOptions>(command, correct)
}

async function correct(
  invocation: Invocation,
  { citizen }: CorrectOptions,
  [path = '']: readonly string[],
): Promise<void> {
  const { screen } = invocation
  const correction = await readInputJson({
    path,
    what: 'The correction',
    limitBytes: CORRECTION_BYTES,
  })
  const { changed, person, revoked, withoutStatus } = await withIssuer(invocation, (issuer) =>
    issuer.ending.correctCitizen(citizen, correction),
  )
  screen.line(styled('bold', 'Corrected'), `: ${changed.join(', ') || 'the enrolled person'}`)
  if (revoked > 0) {
    const ended = counted(revoked, 'batch is', 'batches are')
    screen.line(`  ${ended} revoked; wallets fetch new ones with the same numbers`)
    screen.line('  next  netcert publish --out <dir>, so that verifiers learn of it')
  }
  if (withoutStatus > 0) {
    screen.line(
      `  ${counted(withoutStatus, 'batch has', 'batches have')} no status: the copies say the old until they end, within days`,
    )
  }
  screen.result({ citizen, changed, person, revoked, without_status: withoutStatus })
}
