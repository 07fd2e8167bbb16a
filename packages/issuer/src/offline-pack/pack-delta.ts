import {
  type CertifiedSigner,
  createStatusDelta,
  decodeStatusList,
  type JsonObject,
  keyHeaderOf,
  parseStatusListToken,
  type Signer,
  signatureAlgorithms,
  type StatusList,
  statusTokenLimits,
} from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import {
  type PlacedPackEntry,
  readPack,
  readPackText,
  type PackSource,
} from '@netcert/protocol/offline-pack'
import type { PackPart } from './pack-spool.js'

/** The full pack that a delta begins at. */
export type PackBase = {
  readonly sequence: number
  /** The part as it goes into the delta; `null` where the base has it as it is. */
  changed(part: PackPart, signer: () => Promise<Signer | CertifiedSigner>): Promise<PackPart | null>
}

/**
 * Reads the base of a delta; its entries one by one when they are asked for.
 *
 * @throws ProtocolError `pack_malformed`, `pack_hash` for a file that was altered
 */
export async function readPackBase(source: PackSource): Promise<PackBase> {
  const { manifest, entries } = await readPack(source)
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return {
    sequence: manifest.sequence,
    async changed(part, signer) {
      const before = byName.get(part.name)
      if (before === undefined || part.type === 'trust-list') return part
      if (part.type !== 'status-list') {
        return hashBase64Url('sha-256', part.text) === before.sha256 ? null : part
      }
      if (before.type !== 'status-list') return part
      return deltaOf({ source, before, part, signer: await signer() })
    },
  }
}

type Change = {
  readonly source: PackSource
  readonly before: PlacedPackEntry
  readonly part: PackPart
  readonly signer: Signer | CertifiedSigner
}

/**
 * The changes of a list, or the list itself where that is shorter, where it is of another width, or
 * where another key signed it: nothing is dated to a time at which the key did not count yet.
 */
async function deltaOf({ source, before, part, signer }: Change): Promise<PackPart> {
  const older = readToken(await readPackText(source, before))
  const newer = readToken(part.text)
  const isAlike =
    older.list.bits === newer.list.bits && older.list.bytes.length === newer.list.bytes.length
  if (!isAlike || !isSignedBy(newer.header, signer)) return part
  const text = await createStatusDelta({
    uri: part.name,
    before: older.list,
    after: newer.list,
    signer,
    issuedAt: new Date(newer.iat * 1000),
    expiresAt: new Date(newer.exp * 1000),
    ttlSeconds: newer.ttl,
  })
  return text.length < part.text.length ? { type: 'status-delta', name: part.name, text } : part
}

type Read = {
  readonly header: JsonObject
  readonly list: StatusList
  readonly iat: number
  readonly exp: number
  readonly ttl: number
}

/** A token of our own: its hash was checked, or it was signed a moment ago. */
function readToken(text: string): Read {
  const { header, payload } = parseStatusListToken(
    text,
    signatureAlgorithms,
    statusTokenLimits,
    'x5c',
  )
  const { iat, exp, ttl, status_list: value } = payload
  const list = decodeStatusList(value, statusTokenLimits.maxListBytes)
  return { header, list, iat: Number(iat), exp: Number(exp), ttl: Number(ttl) }
}

function isSignedBy(header: JsonObject, signer: Signer | CertifiedSigner): boolean {
  return Object.entries(keyHeaderOf(signer)).every(
    ([name, value]) => JSON.stringify(header[name]) === JSON.stringify(value),
  )
}
