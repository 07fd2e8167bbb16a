import { parseTypeMetadata } from '@netcert/credential'
import {
  type PackEntryType,
  type PackSource,
  type PlacedPackEntry,
  readPackEntry,
  readPackText,
  type VerifiedPack,
} from '@netcert/protocol/offline-pack'
import { packRefused } from './pack-refused.js'

/** Tokens that are in memory as text at one time. */
const TOKENS_AT_ONCE = 64

/** What a verified pack holds, read and hashed when it is asked for. */
export type PackEntries = {
  /** The texts of one type, some at a time. */
  readonly texts: (type: PackEntryType) => AsyncGenerator<readonly string[]>
  /** Addresses of the status lists that it brings or changes. */
  readonly lists: readonly string[]
  /**
   * Verifying goes by the types that are built in; what a pack brings has to be what it says all the
   * same.
   */
  readonly assertTypeMetadata: () => Promise<void>
}

/**
 * The entries of a pack.
 *
 * @throws From what it gives: ProtocolError `pack_malformed`, `pack_hash`; VerifierError `pack_entry`;
 *   CredentialError `type_metadata_malformed`
 */
export function packEntriesOf(pack: PackSource, { entries }: VerifiedPack): PackEntries {
  const ofType = (wanted: PackEntryType) => entries.filter(({ type }) => type === wanted)
  const lists = [...ofType('status-list'), ...ofType('status-delta')]
  return {
    lists: lists.map(({ name }) => name),
    async *texts(type) {
      const found = ofType(type)
      for (let at = 0; at < found.length; at += TOKENS_AT_ONCE) {
        const some: string[] = []
        for (const entry of found.slice(at, at + TOKENS_AT_ONCE)) {
          some.push(await readPackText(pack, entry))
        }
        yield some
      }
    },
    async assertTypeMetadata() {
      for (const entry of ofType('type-metadata')) await assertDocument(pack, entry)
    },
  }
}

async function assertDocument(pack: PackSource, entry: PlacedPackEntry): Promise<void> {
  const { vct } = parseTypeMetadata(decodeUtf8(await readPackEntry(pack, entry)))
  if (vct === entry.name) return
  throw packRefused('pack_entry', 'type metadata is of another type than its entry names')
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw packRefused('pack_entry', 'type metadata is no text', cause)
  }
}
