import type { Operator, OperatorRole } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'

/** `netcert operator …`: who may operate the issuer, and with which roles. */
export function addOperatorCommands(program: Command): void {
  const operator = program
    .command('operator')
    .description('who may operate the issuer, each with a key and roles of their own')
    .addHelpText('after', about)
  addCreate(operator)
  perform<object>(
    operator.command('list').description('all operators, with those who are revoked'),
    listOperators,
  )
  const revoke = operator
    .command('revoke')
    .description("end an operator's part, for good")
    .requiredOption('--name-code <code>', 'as `operator list` shows it')
    .addHelpText('after', '\nExamples:\n  netcert operator revoke --name-code A-17 --as b02.pem')
  perform<{ readonly nameCode: string }>(revoke, revokeOperator)
}

const about = `
Roles: enrol (people, copies, offers, presence) · revoke (status, platforms taken back) · audit (the
log, re-identification) · keys (signing keys, platforms, officers, operators).
Without an operator, whoever may read the data folder does it all. From the first one on, these
commands need --as <key file> (or NETCERT_OPERATOR_KEY) and are signed on record by that key.`

type CreateOptions = {
  readonly nameCode: string
  readonly role: readonly OperatorRole[]
  readonly out: string
}

function addCreate(operator: Command): void {
  const create = operator
    .command('create')
    .description("make an operator's key and register its public half")
    .requiredOption('--name-code <code>', 'a staff number or the like, never a name')
    .addOption(
      new Option('--role <role...>', 'one or more; the first operator needs keys')
        .choices(['enrol', 'revoke', 'audit', 'keys'] satisfies OperatorRole[])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'where the private key is written; it must not exist')
    .addHelpText(
      'after',
      `
The key file belongs to that operator alone. Register two with the role keys: the last one cannot be
revoked, and bulk acts then need both (--as one, --second the other).

Examples:
  netcert operator create --name-code A-17 --role keys audit --out /media/a17/operator.pem
  netcert operator create --name-code C-03 --role enrol --out c03.pem --as /media/a17/operator.pem`,
    )
  perform<CreateOptions>(create, createOperator)
}

async function createOperator(invocation: Invocation, options: CreateOptions): Promise<void> {
  const { nameCode, role: roles, out: keyFile } = options
  const operator = await withIssuer(invocation, (issuer) =>
    issuer.operators.create({ nameCode, roles, keyFile }),
  )
  const { screen } = invocation
  screen.line(styled('green', 'Registered'), ` operator ${operator.nameCode}`)
  screen.line('  roles ', operator.roles.join(', '))
  screen.line('  key   ', keyFile)
  screen.line('  Give the file to that operator, and to nobody else.')
  screen.result({ operator: wireForm(operator), key_file: keyFile })
}

async function listOperators(invocation: Invocation): Promise<void> {
  const { screen } = invocation
  const operators = await withIssuer(invocation, (issuer) => issuer.operators.list())
  if (operators.length === 0) {
    screen.line('No operator is registered: whoever may read the data folder does everything.')
  } else {
    writeTable(screen, {
      head: ['operator', 'roles', 'state', 'since', 'key'],
      rows: operators.map(({ id, nameCode, roles, registeredAt, revokedAt }) => [
        nameCode,
        roles.join(', '),
        revokedAt === null ? styled('green', 'registered') : 'revoked',
        (revokedAt ?? registeredAt).toISOString().slice(0, 10),
        id,
      ]),
    })
  }
  screen.result({ operators: operators.map(wireForm) })
}

async function revokeOperator(
  invocation: Invocation,
  { nameCode }: { readonly nameCode: string },
): Promise<void> {
  await withIssuer(invocation, (issuer) => issuer.operators.revoke(nameCode))
  invocation.screen.line(styled('bold', 'Revoked'), ` operator ${nameCode}`)
  invocation.screen.result({ name_code: nameCode, revoked: true })
}

function wireForm({ id, nameCode, roles, registeredAt, revokedAt }: Operator): object {
  return {
    id,
    name_code: nameCode,
    roles,
    registered_at: registeredAt,
    revoked_at: revokedAt,
  }
}
