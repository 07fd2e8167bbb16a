import type { IssuerKey, RotatedUse } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'

/** `netcert keys …`: which key signs, and the change to the next one. */
export function addKeysCommands(program: Command): void {
  const keys = program
    .command('keys')
    .description('the keys that certificates and status lists are signed with, and their change')
    .addHelpText(
      'after',
      `
Once a quarter, for each use: activate the next key, make another one, publish with the root key.

  netcert keys activate --use credential
  netcert keys next --use credential
  netcert publish --out <folder> --root-key <file>

They run where secrets/signer.key is. What serves need not be started anew.`,
    )
  perform<object>(
    keys.command('list').description('every key: its state, and from when to when it counts'),
    listKeys,
  )
  addNext(keys)
  addActivate(keys)
  addRevoke(keys)
}

const useOption = (): Option =>
  new Option('--use <use>', 'what it signs')
    .choices(['credential', 'status'] satisfies RotatedUse[])
    .default('credential')

type NextOptions = { readonly use: RotatedUse; readonly caKey?: string }

function addNext(keys: Command): void {
  const next = keys
    .command('next')
    .description('make the key that will sign next; the next trust list names it')
    .addOption(useOption())
    .option('--ca-key <file>', "the authority's key where it is kept elsewhere (x5c only)")
    .addHelpText(
      'after',
      `
Publish with the root key afterwards. It can be made active 30 days after that: by then the last
trust list without it has ended, for verifiers that are offline, too.`,
    )
  perform<NextOptions>(next, async (invocation, { use, caKey }) => {
    const key = await withIssuer(invocation, (issuer) =>
      issuer.keys.next({ use, ...(caKey === undefined ? {} : { caKeyFile: caKey }) }),
    )
    say(invocation, 'Made', key, 'Publish it now: netcert publish with the root key.')
  })
}

type ActivateOptions = { readonly use: RotatedUse; readonly emergency?: true }

function addActivate(keys: Command): void {
  const activate = keys
    .command('activate')
    .description('sign with the next key from now on; what the old one signed stays good')
    .addOption(useOption())
    .option('--emergency', 'before everybody can know it: they refuse what it signs until they do')
  perform<ActivateOptions>(activate, async (invocation, { use, emergency }) => {
    const key = await withIssuer(invocation, (issuer) =>
      issuer.keys.activate({ use, emergency: emergency === true }),
    )
    say(invocation, 'Active', key, `Make another: netcert keys next --use ${use}.`)
  })
}

function addRevoke(keys: Command): void {
  const revoke = keys
    .command('revoke')
    .argument('<key>', 'as `keys list` shows it')
    .description('take a key off the trust list for good: everything it signed is refused')
    .addHelpText(
      'after',
      `
For a key that somebody else may have. It counts from the next trust list: publish with the root key
at once. Verifiers refuse when they have that list; those offline when theirs ends.

Examples:
  netcert keys revoke issuer-2`,
    )
  perform<object>(revoke, async (invocation, _options, [alias = '']) => {
    const key = await withIssuer(invocation, (issuer) => issuer.keys.revoke({ alias }))
    say(invocation, 'Revoked', key, 'Publish at once: netcert publish with the root key.')
  })
}

async function listKeys(invocation: Invocation): Promise<void> {
  const keys = await withIssuer(invocation, (issuer) => issuer.keys.list())
  const { screen } = invocation
  writeTable(screen, {
    head: ['key', 'use', 'state', 'published', 'signs since', 'counts until'],
    rows: keys.map(({ alias, use, state, publishedAt, activatedAt, notAfter }) => [
      alias,
      use,
      state === 'active' ? styled('green', state) : state,
      dayOf(publishedAt),
      dayOf(activatedAt),
      state === 'revoked' ? '–' : dayOf(notAfter),
    ]),
  })
  screen.result({ keys: keys.map(wireForm) })
}

function say({ screen }: Invocation, done: string, key: IssuerKey, next: string): void {
  screen.line(styled('green', done), `  ${key.alias}`)
  screen.line('  did  ', key.did)
  screen.line(`  ${next}`)
  screen.result({ key: wireForm(key) })
}

function wireForm(key: IssuerKey): object {
  return {
    name: key.alias,
    use: key.use,
    state: key.state,
    did: key.did,
    not_before: key.notBefore,
    not_after: key.notAfter,
    published_at: key.publishedAt,
    activated_at: key.activatedAt,
    retired_at: key.retiredAt,
    revoked_at: key.revokedAt,
  }
}

function dayOf(instant: Date | null): string {
  return instant === null ? '–' : instant.toISOString().slice(0, 10)
}
