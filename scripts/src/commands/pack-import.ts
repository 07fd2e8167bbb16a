import { join } from 'node:path'
import type { ImportedPack, KeptPacks } from '@netcert/verifier/packs'
import type { Command } from 'commander'
import { wrongUse } from '../failure.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { packAgeLines } from '../pack-age.js'
import { readRoot } from '../read-root.js'
import { styled } from '../screen.js'
import { verdictOf } from '../verdict.js'
import { verifierFolder } from '../verifier-folder.js'
import { allowHttpLoopback, type LoopbackOption } from '../wire-options.js'

type ImportOptions = LoopbackOption & { readonly packs?: string; readonly trust?: string }

/** `netcert pack import`: a pack from a stick, a download or the network nearby. */
export function addPackImport(pack: Command): void {
  const command = pack
    .command('import')
    .argument('<file|url>', 'the pack')
    .description('take a pack into a verifier (--dir is its folder), whole or not at all')
    .option(
      '--packs <dir>',
      'into a folder of packs instead, for `openVerifier` or `verify --pack`',
    )
    .option('--trust <did|file>', 'with --packs: the root it must hold under')
    .addOption(allowHttpLoopback())
    .addHelpText(
      'after',
      `
It is proven before it is put in place: trust list by the root that was set up, maker, every list. What is
older is refused, and a delta without its base. A running verifier picks it up within seconds.

Examples:
  netcert pack import /media/stick/netcert.ncpack --dir ./verifier
  netcert pack import https://issuer.example/packs/latest.ncpack --dir /srv/verifier
  netcert pack import netcert.ncpack --packs ./packs --trust root.did`,
    )
  perform<ImportOptions>(command, importOne)
}

async function importOne(
  invocation: Invocation,
  options: ImportOptions,
  [place = '']: readonly string[],
): Promise<void> {
  const { screen, clock, language } = invocation
  const kept = await keptPacks(invocation, options)
  const now = clock()
  const { sentenceFor } = await import('@netcert/verifier')
  const { holding, isNew } = await take(kept, { place, now, options }).catch((error: unknown) => {
    throw verdictOf(error, (code) => sentenceFor(code, language))
  })
  const { agePack } = await import('@netcert/verifier/offline-pack')
  const age = agePack(holding, now)
  const done = isNew ? 'Taken in' : 'At hand already'
  screen.line(styled('green', done), `  pack ${age.seq}, ${age.kind}`)
  for (const line of packAgeLines(age)) screen.line('  ', line)
  screen.result({ new: isNew, dir: kept.dir, ...age })
}

type Taking = { readonly place: string; readonly now: Date; readonly options: ImportOptions }

async function take(kept: KeptPacks, { place, now, options }: Taking): Promise<ImportedPack> {
  const { importPack, packFetcher } = await import('@netcert/verifier/packs')
  if (!/^https?:\/\//.test(place)) return importPack(kept, { file: place, now })
  const loopback = options.allowHttpLoopback === true
  const imported = await packFetcher({ url: place, allowHttpLoopback: loopback }, kept)(now)
  if (imported === null) throw new TypeError('the first fetch asks without condition')
  return imported
}

async function keptPacks(
  invocation: Invocation,
  { packs, trust }: ImportOptions,
): Promise<KeptPacks> {
  if (packs === undefined) {
    const { keptPacksOf } = await import('@netcert/verifier/packs')
    return keptPacksOf(await verifierFolder(issuerDir(invocation)))
  }
  if (trust === undefined)
    throw wrongUse('A folder of packs knows no root.', 'Add --trust root.did.')
  return { dir: packs, rootDid: await readRoot(trust), stateFile: join(packs, 'trust-state.json') }
}
