import { CredentialError, mergeTrust, type Trust } from '@netcert/credential'
import { VerifierError } from './errors.js'
import { markOfPacks, readPacks } from './offline-pack/pack-folder.js'
import type { PackHolding } from './offline-pack/pack-holding.js'
import type { KeptPacks } from './offline-pack/pack-import.js'
import { readTrust } from './published-lists.js'
import { raiseFloor, readFloor } from './trust-floor.js'
import {
  listsFolder,
  readSettings,
  type VerifierFolder,
  type VerifierSettings,
  verifierFolder,
} from './verifier-folder.js'

/** Where trust is read from on this machine; nothing is fetched here. */
export type TrustPlaces = {
  /** The root that was set up. */
  readonly rootDid: string
  /** A published folder; null: there is none, packs are all. */
  readonly listsDir: string | null
  /** A folder of offline packs; null: none are taken. It need not be there yet. */
  readonly packsDir: string | null
  /** Remembers the newest versions seen; undefined: nothing does. */
  readonly stateFile: string | undefined
}

/** Where a verifier's folder has it. */
export function trustPlacesOf(folder: VerifierFolder, settings: VerifierSettings): TrustPlaces {
  return {
    ...{ rootDid: settings.root_did, packsDir: folder.packs, stateFile: folder.state },
    listsDir: 'packs' in settings.lists ? null : listsFolder(folder, settings),
  }
}

/**
 * Where the packs of a verifier's folder go.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`
 */
export async function keptPacksOf(dir: string): Promise<KeptPacks> {
  const folder = verifierFolder(dir)
  const { root_did: rootDid } = await readSettings(folder)
  return { dir: folder.packs, rootDid, stateFile: folder.state }
}

/** Trust, and why a part of it is not what lies there now. */
export type ReadTrustParts = { readonly trust: Trust; readonly failures: readonly Error[] }

/** Trust as it lies on this machine, read as often as somebody asks. */
export type TrustReader = {
  /**
   * Reads lists, and packs where they changed. Of both each newer part counts; one that cannot be read
   * does not stop the other, and what was held before stays.
   *
   * @throws VerifierError `lists_unreadable`, `packs_damaged`, `trust_state_unreadable`; CredentialError
   *   as `createTrust`; only while there is nothing at all to go by
   */
  readonly read: (now: Date) => Promise<ReadTrustParts>
  /** Whether packs came or went since they were read. */
  readonly havePacksChanged: () => Promise<boolean>
  /** What packs amount to; null without any. */
  readonly holding: () => PackHolding | null
}

/** Reads published lists and offline packs as one trust. */
export function createTrustReader(places: TrustPlaces): TrustReader {
  const packs = packsReader(places)
  const lists = listsReader(places)
  return {
    holding: packs.held,
    havePacksChanged: packs.haveChanged,
    async read(now) {
      const failures: Error[] = []
      const note = (error: unknown) => {
        if (!(error instanceof VerifierError || error instanceof CredentialError)) throw error
        failures.push(error)
      }
      // Packs first: what they say of roots counts for the lists that are read after them.
      await packs.read(now).catch(note)
      await lists.read(now).catch(note)
      const [held, brought] = [packs.held()?.trust ?? null, lists.held()]
      const trust =
        held === null || brought === null ? (held ?? brought) : mergeTrust(brought, held)
      if (trust === null) throw failures.at(-1) ?? nothingAtHand()
      return { trust, failures }
    },
  }
}

type PacksReader = {
  readonly held: () => PackHolding | null
  readonly haveChanged: () => Promise<boolean>
  readonly read: (now: Date) => Promise<void>
}

function packsReader({ packsDir: dir, rootDid, stateFile }: TrustPlaces): PacksReader {
  let holding: PackHolding | null = null
  let mark: string | null = null
  const held = () => holding
  if (dir === null) return { held, haveChanged: async () => false, read: async () => undefined }
  return {
    held,
    haveChanged: async () => (await markOfPacks(dir)) !== mark,
    async read(now) {
      const newMark = await markOfPacks(dir)
      if (newMark === mark) return
      const floor = await readFloor(stateFile)
      const found = await readPacks({ dir, rootDid }, { now, floor })
      // Files that are taken away do not take back what they said.
      if (found !== null && !isBehind(found, holding)) holding = found
      if (holding !== null) await raiseFloor(stateFile, holding.floor)
      mark = newMark
    },
  }
}

function isBehind(found: PackHolding, held: PackHolding | null): boolean {
  return held !== null && found.packKey === held.packKey && found.seq < held.seq
}

function listsReader({ listsDir, rootDid, stateFile }: TrustPlaces) {
  let trust: Trust | null = null
  return {
    held: () => trust,
    async read(now: Date): Promise<void> {
      if (listsDir === null) return
      trust = await readTrust({
        ...{ rootDid, listsDir, now },
        ...(stateFile === undefined ? {} : { stateFile }),
        ...(trust === null ? {} : { held: trust }),
      })
    },
  }
}

function nothingAtHand(): VerifierError {
  const text = 'no list and no offline pack is at hand; bring a pack with `netcert pack import`.'
  return new VerifierError('lists_unreadable', text)
}
