import {
  createJws,
  CredentialError,
  dereferenceDidKey,
  epochSeconds,
  type JsonObject,
  parseJws,
  signatureAlgorithms,
  type Signer,
  verifyJws,
} from '@netcert/credential'
import { importVerifyingKey } from '@netcert/credential/crypto'
import { VerifierError } from '../errors.js'
import { type EntryLedger, type LedgerEntry, wireEntry } from './gate-ledger.js'
import { chainHash } from './ledger-chain.js'
import { type LedgerFile, ledgerFileSchema, ledgerHeadSchema } from './ledger-file-schema.js'

const TYP = 'netcert-gate-ledger+jwt'
/** Half a million entries. */
const MAX_FILE_CHARACTERS = 128 * 1024 * 1024

/** A ledger that was exported, checked whole. */
export type LedgerExport = {
  readonly ledger: string
  readonly event: string
  readonly erasesAt: Date
  readonly exportedAt: Date
  readonly entries: readonly LedgerEntry[]
  /** DID of the venue's request key that signed it. */
  readonly signedBy: string
}

/**
 * Exports the entries that were made in a ledger: JSON with the chain of hashes, its head signed by
 * the venue's request key. Nothing in it says who was let in.
 *
 * @see docs/formats/gate-ledger.md
 */
export async function exportLedger(options: {
  readonly ledger: EntryLedger
  readonly signer: Signer
  readonly now: Date
}): Promise<string> {
  const { ledger, signer, now } = options
  const entries = await ledger.entries()
  const { ledger: id, event, erasesAt } = await ledger.head()
  const head = {
    ...{ ledger: id, event, erases_at: epochSeconds(erasesAt), exported_at: epochSeconds(now) },
    ...{ entries: entries.length, hash: entries.at(-1)?.hash ?? '' },
  }
  const signature = await createJws({
    header: { typ: TYP, kid: signer.keyId },
    payload: head,
    signer,
  })
  const { entries: _count, hash: _hash, ...members } = head
  const file = { netcert_gate_ledger: 1, ...members, entries: entries.map(wireEntry), signature }
  return `${JSON.stringify(file)}\n`
}

/**
 * Reads an exported ledger: its form, that no entry was changed, added, left out or moved, and that
 * its head was signed by a key of its own.
 *
 * @param options - `signedBy`: DID of the venue's request key, where it is known; any else.
 * @throws VerifierError `ledger_malformed`
 */
export async function readLedgerExport(
  text: string,
  options: { readonly signedBy: string | null },
): Promise<LedgerExport> {
  if (text.length > MAX_FILE_CHARACTERS) throw malformed('it is too long')
  const file = readFile(text)
  const { ledger, event } = file
  const entries = file.entries.map((entry) => ({
    ...entry,
    ...{ ledger, at: new Date(entry.at * 1000) },
  }))
  assertChained(event, entries)
  const signedBy = await proveHead(file)
  if (options.signedBy !== null && options.signedBy !== signedBy) {
    throw malformed('it is signed by another venue')
  }
  return {
    ...{ ledger, event, entries, signedBy },
    erasesAt: new Date(file.erases_at * 1000),
    exportedAt: new Date(file.exported_at * 1000),
  }
}

function readFile(text: string): LedgerFile {
  try {
    return ledgerFileSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw malformed('it is not of its form', cause)
  }
}

function assertChained(event: string, entries: readonly LedgerEntry[]): void {
  let before = ''
  for (const [at, entry] of entries.entries()) {
    const whole = entry.number === at + 1 && entry.hash === chainHash(before, event, entry)
    if (!whole) throw malformed(`it was changed at entry ${at + 1}`)
    before = entry.hash
  }
}

async function proveHead(file: LedgerFile): Promise<string> {
  const { head, keyId } = await verifyHead(file.signature)
  const { ledger, event, erases_at, exported_at, entries } = file
  const hash = entries.at(-1)?.hash ?? ''
  const said = { ledger, event, erases_at, exported_at, entries: entries.length, hash }
  const same = Object.entries(said).every(([name, value]) => head[name] === value)
  if (!same) throw malformed('its signature is over other entries')
  return keyId.slice(0, keyId.indexOf('#'))
}

async function verifyHead(signature: string): Promise<{ head: JsonObject; keyId: string }> {
  try {
    const jws = parseJws(signature, { algorithms: signatureAlgorithms, maxDepth: 4 })
    const { kid } = jws.header
    if (jws.header['typ'] !== TYP || typeof kid !== 'string') throw malformed('it is not signed')
    await verifyJws(jws, await importVerifyingKey(dereferenceDidKey(kid)))
    return { head: ledgerHeadSchema.parse(jws.payload), keyId: kid }
  } catch (cause) {
    if (cause instanceof VerifierError) throw cause
    const why =
      cause instanceof CredentialError ? 'its signature does not hold' : 'it is not signed'
    throw malformed(why, cause)
  }
}

function malformed(problem: string, cause?: unknown): VerifierError {
  return new VerifierError(
    'ledger_malformed',
    `the exported ledger is refused: ${problem}; export it again at its gate.`,
    { cause },
  )
}
