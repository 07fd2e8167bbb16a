import type { BuiltPack } from '@netcert/issuer'
import { type Command, Option } from 'commander'
import { wholeNumber } from '../choices.js'
import { counted } from '../counted.js'
import { type Invocation, perform } from '../invocation.js'
import { inspectPack, type PackInspection } from '../pack-inspection.js'
import { openInput } from '../read-input.js'
import { readRoot } from '../read-root.js'
import { styled } from '../screen.js'
import { writeTable } from '../table.js'
import { withIssuer } from '../with-issuer.js'
import { addPackImport } from './pack-import.js'

/** `netcert pack …`: everything a verifier needs to know, in one file. */
export function addPackCommands(program: Command): void {
  const pack = program
    .command('pack')
    .description('offline packs: trust list, status lists and types in one signed file')
  addBuild(pack)
  addInspect(pack)
  addPackImport(pack)
}

type BuildOptions = { readonly out: string; readonly since?: number; readonly rootKey?: string }

function addBuild(pack: Command): void {
  const build = pack
    .command('build')
    .description('build the next pack of this issuer')
    .requiredOption('--out <file>', 'the pack, .ncpack')
    .addOption(
      new Option('--since <seq>', 'only what changed since that pack').argParser(
        wholeNumber(1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .option('--root-key <file>', 'the root key, where it is not in the data folder any more')
    .addHelpText(
      'after',
      `
The lists in it are those of the last tick, as \`publish\` writes them. The full pack of each build is kept
in the folder packs/ (the newest 14), so that a later one can hold only the changes since; whoever has
pack N takes a pack built with --since N, everybody else needs a full one. The next \`publish\` puts the
newest full pack beside the lists, as packs/latest.ncpack.

Examples:
  netcert pack build --out ./netcert.ncpack
  netcert pack build --out ./since-12.ncpack --since 12`,
    )
  perform<BuildOptions>(build, async (invocation, { out, since, rootKey }) => {
    const built = await withIssuer(invocation, (issuer) =>
      issuer.packs.build({
        out,
        ...(since === undefined ? {} : { since }),
        ...(rootKey === undefined ? {} : { rootKeyFile: rootKey }),
      }),
    )
    showBuilt(invocation, out, built)
  })
}

function showBuilt({ screen }: Invocation, out: string, built: BuiltPack): void {
  const { sequence, kind, base, entries, bytes, issuedAt } = built
  screen.line(styled('green', 'Built'), `  ${out}`)
  screen.line('  pack     ', base === null ? `${sequence}, full` : `${sequence}, since ${base}`)
  screen.line('  holds    ', `${entries} entries, ${size(bytes)}`)
  const { kept } = built
  screen.result({ file: out, seq: sequence, kind, base, entries, bytes, issued_at: issuedAt, kept })
}

type InspectOptions = { readonly trust?: string }

function addInspect(pack: Command): void {
  const inspect = pack
    .command('inspect')
    .argument('<file>', 'the pack')
    .description('what is in a pack, how old it is, and how far it can be trusted')
    .option('--trust <did|file>', 'prove it under this root: its did:key, or root.did')
    .addHelpText(
      'after',
      `
Without --trust only the form and the hashes are looked at: that the file is whole, not who made it.

Examples:
  netcert pack inspect netcert.ncpack
  netcert pack inspect netcert.ncpack --trust root.did --json`,
    )
  perform<InspectOptions>(inspect, async (invocation, { trust }, [file = '']) => {
    const rootDid = trust === undefined ? null : await readRoot(trust)
    const { packFileOf } = await import('@netcert/issuer')
    const { packLimits } = await import('@netcert/protocol/offline-pack')
    const input = { path: file, what: 'The pack', limitBytes: packLimits.totalBytes }
    const { source, close } = await packFileOf(await openInput(input))
    try {
      const now = invocation.clock()
      show(invocation, await inspectPack({ source, rootDid, now }), { file, now })
    } finally {
      await close()
    }
  })
}

type Shown = { readonly file: string; readonly now: Date }

function show({ screen }: Invocation, inspection: PackInspection, { file, now }: Shown): void {
  const { pack, types, coverage } = inspection
  const { manifest, keyId, bytes, digest } = pack
  const { sequence, kind, base, issuer, issuedAt } = manifest
  const ageSeconds = Math.floor((now.getTime() - issuedAt.getTime()) / 1000)
  const { verified, unverified } = provenParts(inspection)
  screen.line(styled('bold', `Pack ${sequence}`), kind === 'full' ? ', full' : `, since ${base}`)
  screen.line('  issuer    ', issuer)
  screen.line('  key       ', keyId)
  screen.line('  built     ', `${issuedAt.toISOString().slice(0, 19)}Z, ${age(ageSeconds)}`)
  screen.line('  size      ', size(bytes))
  screen.line('  covers    ', coverageText(inspection))
  const { firstEndsAt } = coverage
  if (firstEndsAt !== null) screen.line('  good until', ` ${day(firstEndsAt)} at the longest`)
  writeTable(screen, {
    head: ['type', 'entries', 'size'],
    rows: types
      .filter((row) => row.entries > 0)
      .map((row) => [row.type, row.entries, size(row.bytes)]),
    right: [1, 2],
  })
  for (const part of verified) screen.line(styled('green', '  verified  '), LOOKED_AT[part])
  for (const part of unverified) screen.line(styled('yellow', '  not proven'), ' ', LOOKED_AT[part])
  if (unverified.includes('maker')) screen.line('  Name the root to prove it: --trust root.did')
  screen.result({
    ...{ file, bytes, digest, seq: sequence, kind, base, iss: issuer, key: keyId },
    ...{ issued_at: issuedAt, age_seconds: ageSeconds, types },
    coverage: {
      lists: coverage.lists,
      entries: coverage.entries,
      oldest_issued_at: instant(coverage.oldestIssuedAt),
      first_ends_at: instant(firstEndsAt),
    },
    ...{ verified, unverified },
  })
}

/** What was looked at, and what nobody has looked at: codes for programs, words for people. */
const LOOKED_AT = {
  form: 'the file is whole: form, lengths and hashes',
  trust_list: 'the trust list, by the root',
  maker: 'who made it, by that list',
  entries: "every list, by its issuer's signature; types by their form",
  results: 'what the changes lead to, which needs the pack they begin at',
  order: 'that it is newer than what a verifier has',
} as const

type LookedAt = keyof typeof LOOKED_AT

function provenParts({ proven, pack }: PackInspection): {
  readonly verified: readonly LookedAt[]
  readonly unverified: readonly LookedAt[]
} {
  const left: LookedAt[] = pack.manifest.kind === 'delta' ? ['results', 'order'] : ['order']
  if (proven) return { verified: ['form', 'trust_list', 'maker', 'entries'], unverified: left }
  return { verified: ['form'], unverified: ['trust_list', 'maker', 'entries', ...left] }
}

function coverageText({ coverage: { lists, entries }, types }: PackInspection): string {
  const deltas = types.find(({ type }) => type === 'status-delta')?.entries ?? 0
  const changes = `changes of ${counted(deltas, 'status list', 'status lists')}`
  if (lists === 0 && deltas > 0) return changes
  const whole = `${counted(lists, 'status list', 'status lists')} with ${entries.toLocaleString('en')} entries`
  return deltas === 0 ? whole : `${whole}, and ${changes}`
}

function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function age(seconds: number): string {
  if (seconds < 0) return 'from the future by this clock'
  if (seconds < 7200) return `${Math.floor(seconds / 60)} minutes old`
  const hours = Math.floor(seconds / 3600)
  return hours < 72 ? `${hours} hours old` : `${Math.floor(hours / 24)} days old`
}

function instant(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000)
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
}
