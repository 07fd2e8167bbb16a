import { rm } from 'node:fs/promises'
import { createTrust, epochSeconds, type Signer } from '@netcert/credential'
import { ProtocolError } from '@netcert/protocol'
import {
  encodePackHeader,
  type PackKind,
  readPack,
  readPackText,
  verifyPackManifest,
} from '@netcert/protocol/offline-pack'
import { writeAtomically } from '../atomic-file.js'
import { IssuerError } from '../issuer-error.js'
import type { IssuerKeys } from '../issuer-keys.js'
import type { PublicationParts } from '../publication.js'
import { type PackBase, readPackBase } from './pack-delta.js'
import {
  keptPack,
  openPackFile,
  type PackFile,
  preparePackFolder,
  prunePacks,
} from './pack-folder.js'
import { packParts } from './pack-parts.js'
import { openPackSpool, type PackSpool } from './pack-spool.js'
import type { PackNumber, PackStore } from './pack-store.js'

export type PackBuildingParts = {
  readonly publication: PublicationParts
  readonly store: PackStore
  readonly keys: Pick<IssuerKeys, 'active'>
  /** Opens the key of that alias. */
  readonly signer: (alias: string) => Promise<Signer>
  /** Where the full packs are kept. */
  readonly folder: string
}

export type BuildPackOptions = {
  /** The file to write; `null` for one that is only kept. */
  readonly out: string | null
  /** The pack whose holders it is for: only what changed since goes in. */
  readonly since?: number
  /** As of `publish`. */
  readonly rootKeyFile?: string
}

export type BuiltPack = {
  readonly sequence: number
  readonly issuedAt: Date
  readonly kind: PackKind['kind']
  readonly base: number | null
  readonly entries: number
  readonly bytes: number
  /** Where the full pack of that number is kept. */
  readonly kept: string
}

/** Packs hold what is public. */
const FILE_MODE = 0o644

/**
 * Builds a pack. Its number is taken, and on record, before anything of its state is read: of two
 * builds at once, the one with the higher number says no less. A build that breaks off loses its
 * number and leaves no file under the name.
 *
 * Memory: one list, inflated and as a token, whatever the number of lists; and the manifest.
 *
 * @throws IssuerError `pack_base_unknown`, `pack_unusable`, and as `publish`
 */
export async function buildPack(
  parts: PackBuildingParts,
  options: BuildPackOptions,
): Promise<BuiltPack> {
  await preparePackFolder(parts.folder)
  if (options.since === undefined) return buildFrom(parts, options, null)
  const file = await openKept(parts.folder, options.since)
  try {
    const base = await readPackBase(file.source)
    if (base.sequence !== options.since) throw baseUnknown()
    return await buildFrom(parts, options, base)
  } finally {
    await file.close()
  }
}

async function buildFrom(
  parts: PackBuildingParts,
  options: BuildPackOptions,
  base: PackBase | null,
): Promise<BuiltPack> {
  const { folder, publication } = parts
  const number = await takeNumber(parts, base)
  const full = await openPackSpool(folder)
  const delta = base === null ? null : { base, spool: await openPackSpool(folder) }
  try {
    for await (const part of packParts(publication, options)) {
      await full.put(part)
      const changed = await delta?.base.changed(part, publication.signer)
      if (changed) await delta?.spool.put(changed)
    }
    const seal = await sealing(parts, number)
    const kept = keptPack(folder, number.sequence)
    const whole: PackKind = { kind: 'full', base: null }
    const head = await seal(full, whole)
    await writeAtomically(kept, full.after(head), 0o600)
    const digest = await checkedDigest(parts, kept)
    const made =
      delta === null
        ? { said: whole, spool: full, head }
        : await sealDelta(seal, delta.spool, delta.base)
    if (options.out !== null) {
      await writeAtomically(options.out, made.spool.after(made.head), FILE_MODE)
    }
    await putOnRecord(parts, number, { digest, head, spool: full })
    await prunePacks(folder)
    return { ...reportOf(number, made), ...made.said, kept }
  } finally {
    await full.drop()
    await delta?.spool.drop()
  }
}

type Made = { readonly said: PackKind; readonly spool: PackSpool; readonly head: Uint8Array }

async function sealDelta(seal: Seal, spool: PackSpool, { sequence }: PackBase): Promise<Made> {
  const said: PackKind = { kind: 'delta', base: sequence }
  return { said, spool, head: await seal(spool, said) }
}

function reportOf(
  { sequence, issuedAt }: PackNumber,
  { head, spool: { entries } }: Omit<Made, 'said'>,
) {
  const bytes = entries.reduce((sum, { length }) => sum + length, head.length)
  return { sequence, issuedAt: new Date(issuedAt * 1000), entries: entries.length, bytes }
}

/** The number, in one transaction with its entry in the audit log: a restored database finds it there. */
async function takeNumber(
  { publication, store }: PackBuildingParts,
  base: PackBase | null,
): Promise<PackNumber> {
  const { audit, lists, registrar, clock } = publication
  const own = await lists.statusLists()
  const others = await registrar.accreditations.lists()
  return audit.record(async (trx) => {
    const number = await store.take(trx, epochSeconds(clock()))
    const details = {
      pack: number.sequence,
      base: base?.sequence ?? null,
      // A pack makes lists public as publishing does.
      status_list: Math.max(0, ...own.map(({ list }) => list)),
      registrar_list: Math.max(0, ...others.map(({ list }) => list)),
    }
    return { result: number, event: { event: 'pack_begun', details } }
  })
}

type Seal = (spool: PackSpool, said: PackKind) => Promise<Uint8Array>

/** Gives the head of a pack of that number: its signed manifest, and what stands before it. */
async function sealing(
  { publication, keys, signer: openSigner }: PackBuildingParts,
  { sequence, issuedAt: at }: PackNumber,
): Promise<Seal> {
  const { alias, did } = await keys.active('pack')
  const signer = await openSigner(alias)
  const { issuers } = await publication.facts()
  const listing = issuers.find((one) =>
    one.keys.some((key) => key.use === 'pack' && key.did === did),
  )
  if (listing === undefined) throw unusable('pack_untrusted')
  return ({ entries }, said) => {
    const about = { issuer: listing.did, issuedAt: new Date(at * 1000), sequence, entries }
    return encodePackHeader({ manifest: { ...said, ...about }, signer })
  }
}

/**
 * The digest of the manifest that was written, read back as a verifier would: a pack key whose window
 * is over makes a pack that everybody refuses.
 */
async function checkedDigest({ publication }: PackBuildingParts, file: string): Promise<string> {
  const now = publication.clock()
  const { did: rootDid } = await publication.root()
  const { source, close } = await openPackFile(file)
  try {
    const pack = await readPack(source)
    const [first] = pack.entries
    if (first === undefined) throw new TypeError('a pack has a trust list')
    const trustListToken = await readPackText(source, first)
    const times = { now, graceSeconds: 0, minimumSequence: 0 }
    const { issuers } = await createTrust({ trustListToken, rootDids: [rootDid], ...times })
    return (await verifyPackManifest(pack, { issuers, now })).digest
  } catch (cause) {
    await rm(file, { force: true })
    if (!(cause instanceof ProtocolError)) throw cause
    throw unusable(cause.code, cause)
  } finally {
    await close()
  }
}

async function putOnRecord(
  { publication: { audit }, store }: PackBuildingParts,
  number: PackNumber,
  { digest, ...made }: Omit<Made, 'said'> & { readonly digest: string },
): Promise<void> {
  const { sequence, entries, bytes } = reportOf(number, made)
  const pack = { sequence, issued_at: number.issuedAt, digest, bytes, entries }
  await audit.record(async (trx) => {
    await store.putBuilt(trx, pack)
    const details = { pack: sequence, digest, entries, bytes }
    return { result: undefined, event: { event: 'pack_built', details } }
  })
}

async function openKept(folder: string, sequence: number): Promise<PackFile> {
  return openPackFile(keptPack(folder, sequence)).catch((cause: unknown) => {
    throw baseUnknown(cause)
  })
}

function baseUnknown(cause?: unknown): IssuerError {
  const text =
    'No pack of that number is kept here; build a full one, or name one of a later number.'
  return new IssuerError('pack_base_unknown', text, { cause })
}

function unusable(code: string, cause?: unknown): IssuerError {
  const text = `Everybody would refuse this pack (${code}); look at netcert keys list, and publish with the root key.`
  return new IssuerError('pack_unusable', text, { cause })
}
