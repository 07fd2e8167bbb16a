import type { IssuerKey } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { instant } from '../choices.js'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'

/** `netcert keys …`: which key signs, the change to the next one, and keys that were stolen. */
export function addKeysCommands(program: Command): void {
  const keys = program
    .command('keys')
    .description(
      'the keys of certificates, lists, accreditations, packs and the root; their change',
    )
    .addHelpText(
      'after',
      `
Once a quarter (credential, status) or a year (registrar, pack): activate the next key, make another
one, publish with the root key.

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
  addRotate(keys)
}

const USES = ['credential', 'status', 'registrar', 'pack', 'root'] as const

const useOption = (): Option =>
  new Option('--use <use>', 'what it signs').choices([...USES]).default('credential')

type NextOptions = {
  readonly use: (typeof USES)[number]
  readonly caKey?: string
  readonly rootKey?: string
}

function addNext(keys: Command): void {
  const next = keys
    .command('next')
    .description('make the key that will sign next; the next trust list names it')
    .addOption(useOption())
    .option('--ca-key <file>', "the authority's key where it is kept elsewhere (x5c only)")
    .option('--root-key <file>', 'of a root: where its key file is made, or lies already')
    .addHelpText(
      'after',
      `
Publish with the root key afterwards. It can be made active 30 days after that: by then the last
trust list without it has ended, for verifiers that are offline, too. A root is announced for 60
days: verifiers and wallets that saw a list in that time follow it, others need the new root.did.

Examples:
  netcert keys next --use status
  netcert keys next --use root --root-key /media/vault/root-2.key
  netcert publish --out ./public --root-key /media/vault/root.key`,
    )
  perform<NextOptions>(next, async (invocation, { use, caKey, rootKey }) => {
    if (use === 'root') return nextRoot(invocation, rootKey)
    const key = await withIssuer(invocation, (issuer) =>
      issuer.keys.next({ use, ...(caKey === undefined ? {} : { caKeyFile: caKey }) }),
    )
    say(invocation, 'Made', key, 'Publish it now: netcert publish with the root key.')
  })
}

async function nextRoot(invocation: Invocation, keyFile: string | undefined): Promise<void> {
  const { keyFile: file, ...key } = await withIssuer(invocation, (issuer) =>
    issuer.keys.root.next(keyFile === undefined ? {} : { keyFile }),
  )
  invocation.screen.line('  key  ', `${file}: keep it offline, apart from the old one`)
  say(invocation, 'Made', key, 'Announce it now: netcert publish with the old root key.')
}

type ActivateOptions = {
  readonly use: (typeof USES)[number]
  readonly rootKey?: string
  readonly emergency?: true
}

function addActivate(keys: Command): void {
  const activate = keys
    .command('activate')
    .description('sign with the next key from now on; what the old one signed stays good')
    .addOption(useOption())
    .option('--root-key <file>', 'of a root: its key file, where it was moved away')
    .option('--emergency', 'before everybody can know it: they refuse what it signs until they do')
  perform<ActivateOptions>(activate, async (invocation, { use, rootKey, emergency = false }) => {
    if (use === 'root') return activateRoot(invocation, { rootKey, emergency })
    const key = await withIssuer(invocation, (issuer) => issuer.keys.activate({ use, emergency }))
    say(invocation, 'Active', key, `Make another in time: netcert keys next --use ${use}.`)
  })
}

async function activateRoot(
  invocation: Invocation,
  options: { readonly rootKey: string | undefined; readonly emergency: boolean },
): Promise<void> {
  const { rootKey, emergency } = options
  const key = await withIssuer(invocation, (issuer) =>
    issuer.keys.root.activate({
      emergency,
      ...(rootKey === undefined ? {} : { keyFile: rootKey }),
    }),
  )
  say(invocation, 'Active', key, 'Publish now with its key file; give out the new root.did.')
}

type RevokeOptions = { readonly since?: Date }

function addRevoke(keys: Command): void {
  const revoke = keys
    .command('revoke')
    .argument('<key>', 'as `keys list` shows it')
    .description('take a key back by the trust list, for good: everything it signed is refused')
    .addOption(
      new Option('--since <instant>', 'as of then (else nothing it ever signed counts)').argParser(
        instant,
      ),
    )
    .addHelpText(
      'after',
      `
For a key that somebody else may have. It counts from the next trust list: publish with the root key
at once. Verifiers refuse when they have that list; those offline when theirs ends. Whatever the date
says, nothing it signed is accepted any more: a thief can date back. The date is for judging what was
accepted before. When more is known, run it again with an earlier date.

Examples:
  netcert keys revoke issuer-2
  netcert keys revoke issuer-2 --since 2026-11-20T18:00:00Z`,
    )
  perform<RevokeOptions>(revoke, async (invocation, { since }, [alias = '']) => {
    const key = await withIssuer(invocation, (issuer) =>
      issuer.keys.revoke({ alias, ...(since === undefined ? {} : { since }) }),
    )
    say(invocation, 'Revoked', key, 'Publish at once: netcert publish with the root key.')
  })
}

type RotateOptions = { readonly use: 'encryption'; readonly stolen?: true }

function addRotate(keys: Command): void {
  const rotate = keys
    .command('rotate')
    .description('announce a new key for encrypted requests now; by itself every 30 days')
    .addOption(
      new Option('--use <use>', 'what it is for').choices(['encryption']).makeOptionMandatory(),
    )
    .option('--stolen', 'erase the old ones at once: wallets under way are refused and ask again')
    .addHelpText('after', '\nExamples:\n  netcert keys rotate --use encryption')
  perform<RotateOptions>(rotate, async (invocation, { stolen }) => {
    const rotated = await withIssuer(invocation, (issuer) =>
      issuer.keys.rotateEncryption({ stolen: stolen === true }),
    )
    const { screen } = invocation
    screen.line(styled('green', 'Rotated'), `  encryption key ${rotated.generation}`)
    screen.line('  the old ones open what is under way until ', rotated.oldUntil.toISOString())
    const { generation, kid, oldUntil } = rotated
    screen.result({ use: 'encryption', generation, kid, old_until: oldUntil })
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
      state === 'revoked' || use === 'root' ? '–' : dayOf(notAfter),
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
    revoked_since: key.revokedSince,
  }
}

function dayOf(instant: Date | null): string {
  return instant === null ? '–' : instant.toISOString().slice(0, 10)
}
