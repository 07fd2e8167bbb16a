import { type Command, Option } from 'commander'
import { exitCodes, type ExitCode, wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { withIssuer } from '../with-issuer.js'

/** `netcert number …`: officers, and what two of them may find out on a lawful order. */
export function addNumberCommands(program: Command): void {
  const number = program
    .command('number')
    .description('officers, and the person behind a platform number on a lawful order')
  addOfficerCommands(number)
  addReidentify(number)
}

function addOfficerCommands(number: Command): void {
  const officer = number
    .command('officer')
    .description('who may take part in a re-identification; two of them are needed')
  const create = officer
    .command('create')
    .description("make an officer's key and register its public half")
    .requiredOption('--name-code <code>', 'a staff number or the like, never a name')
    .requiredOption('--out <file>', 'where the private key is written; it must not exist')
    .addHelpText(
      'after',
      `
The key file belongs to that officer alone: keep it apart from every other officer's.

Examples:
  netcert number officer create --name-code A-17 --out /media/a17/officer.pem`,
    )
  perform<CreateOptions>(create, createOfficer)
  perform<object>(
    officer.command('list').description('all officers, with those who are revoked'),
    listOfficers,
  )
  const revoke = officer
    .command('revoke')
    .description("end an officer's part, for good")
    .requiredOption('--name-code <code>', 'as `officer list` shows it')
  perform<{ readonly nameCode: string }>(revoke, revokeOfficer)
}

type CreateOptions = { readonly nameCode: string; readonly out: string }

async function createOfficer(invocation: Invocation, options: CreateOptions): Promise<void> {
  const { nameCode, out: keyFile } = options
  const officer = await withIssuer(invocation, (issuer) =>
    issuer.numbers.createOfficer({ nameCode, keyFile }),
  )
  const { screen } = invocation
  screen.line(styled('green', 'Registered'), ` officer ${officer.nameCode}`)
  screen.line('  key  ', keyFile)
  screen.line('  Give the file to that officer, and to nobody else.')
  screen.result({ name_code: officer.nameCode, id: officer.id, key_file: keyFile })
}

async function listOfficers(invocation: Invocation): Promise<void> {
  const { screen } = invocation
  const officers = await withIssuer(invocation, (issuer) => issuer.numbers.listOfficers())
  for (const { nameCode, registeredAt, revokedAt } of officers) {
    const state = revokedAt === null ? 'registered' : 'revoked'
    const at = (revokedAt ?? registeredAt).toISOString()
    screen.line(`${nameCode}  ${state} ${at}`)
  }
  if (officers.length < 2) screen.line('A re-identification needs two officers.')
  screen.result({
    officers: officers.map(({ id, nameCode, registeredAt, revokedAt }) => ({
      id,
      name_code: nameCode,
      registered_at: registeredAt,
      revoked_at: revokedAt,
    })),
  })
}

async function revokeOfficer(
  invocation: Invocation,
  { nameCode }: { readonly nameCode: string },
): Promise<void> {
  await withIssuer(invocation, (issuer) => issuer.numbers.revokeOfficer(nameCode))
  invocation.screen.line(styled('bold', 'Revoked'), ` officer ${nameCode}`)
  invocation.screen.result({ name_code: nameCode, revoked: true })
}

type ReidentifyOptions = {
  readonly number: string
  readonly platform: string
  readonly case: string
  readonly officerKey: readonly string[]
}

function addReidentify(number: Command): void {
  const command = number
    .command('reidentify')
    .description('the citizen behind a platform number: two officers and a case number')
    .requiredOption('--number <number>', 'the platform number, as the platform has it')
    .requiredOption('--platform <id>', "the platform's id, as its accreditation names it")
    .requiredOption('--case <number>', 'number of the lawful order')
    .addOption(
      new Option('--officer-key <file>', 'key file of an officer; give it twice, of two officers')
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      `
Everybody enrolled is searched, one or two seconds for a thousand people. The result is shown here and
nowhere else; officers, case number, time and whether somebody was found are kept on record.
A cancelled person is not found. Exit 1: nobody enrolled has that number.

Examples:
  netcert number reidentify --number "PV7YG 7F46Q GK5S6 NDW29 E09" --platform p-4711 \\
      --case 2026-105-13 --officer-key /media/a17/officer.pem --officer-key /media/b02/officer.pem`,
    )
  perform<ReidentifyOptions>(command, reidentify)
}

/** Commander gives nothing the first time. */
function collect(given: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), given]
}

async function reidentify(invocation: Invocation, options: ReidentifyOptions): Promise<ExitCode> {
  const { number, platform: platformId, case: caseNumber, officerKey: keyFiles } = options
  if (keyFiles.length !== 2) {
    throw wrongUse('Two officers are needed.', 'Give --officer-key twice, of two officers.')
  }
  const { screen } = invocation
  const progress = invocation.progress('searching')
  try {
    const { citizen } = await withIssuer(invocation, async ({ numbers }) => {
      const asked = { number, platformId, caseNumber }
      const approvals: string[] = []
      for (const keyFile of keyFiles) approvals.push(await numbers.approve(keyFile, asked))
      const onProgress = (done: number) => progress.update(done)
      return numbers.reidentify({ ...asked, approvals, onProgress })
    })
    progress.end()
    if (citizen === null) screen.line(styled('bold', 'Nobody enrolled has that number there.'))
    else screen.line(styled('bold', 'Citizen'), `  ${citizen}`)
    screen.result({ case: caseNumber, found: citizen !== null, citizen })
    return citizen === null ? exitCodes.refused : exitCodes.done
  } finally {
    progress.end()
  }
}
