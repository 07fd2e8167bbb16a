import type { JsonObject } from '@netcert/credential'
import { z } from 'zod'
import { WalletError } from '../errors.js'
import { checkExportedLedger, type ExportedLedger } from '../ledger-export.js'
import { ledgerEntrySchema } from './moved-ledger.js'

/** `format` of what moves. */
export const MOVE_FORMAT = 'netcert-move/1'

/**
 * What of a wallet goes along to another device. No key, no certificate, no number: those are issued
 * anew to keys that the new device makes.
 */
export type MovedWallet = {
  readonly format: typeof MOVE_FORMAT
  /** Seconds since 1970. */
  readonly exported_at: number
  /** Of the home of the wallet: language, lock. Its own to read. */
  readonly settings: JsonObject
  readonly wards: readonly MovedWard[]
  readonly platforms: readonly MovedPlatform[]
  readonly ledger: ExportedLedger
  /** Erasure receipts. */
  readonly receipts: readonly {
    readonly issuer: string
    readonly token: string
    readonly received_at: number
  }[]
}

/** A child as the wallet calls them. */
export type MovedWard = {
  /** In the wallet that it comes from. */
  readonly id: string
  readonly label: string
  readonly issuer: string
  /** What the issuer calls the child towards this guardian; null where no grant says it any more. */
  readonly name: string | null
}

/** A platform that knows the citizen, or a child of theirs. */
export type MovedPlatform = {
  readonly platform_id: string
  readonly ward: string | null
  readonly vct: string
  readonly name: { readonly 'zh-CN': string; readonly en: string } | null
  /** As the registrar signed it; believed anew where it arrives. */
  readonly accreditation: string | null
}

const text = (most: number) => z.string().min(1).max(most)
const instant = z.int().min(0).max(253_402_300_799)
const localised = z.strictObject({ 'zh-CN': text(2_000), en: text(2_000) })

const schema = z.strictObject({
  format: z.literal(MOVE_FORMAT),
  exported_at: instant,
  settings: z.record(z.string().max(100), z.json()),
  wards: z
    .array(
      z.strictObject({
        id: text(200),
        label: text(200),
        issuer: text(2_000),
        name: z.string().max(200).nullable(),
      }),
    )
    .max(1_000),
  platforms: z
    .array(
      z.strictObject({
        platform_id: text(2_000),
        ward: text(200).nullable(),
        vct: text(2_000),
        name: localised.nullable(),
        accreditation: text(65_536).nullable(),
      }),
    )
    .max(100_000),
  ledger: z.strictObject({
    format: z.literal('netcert-ledger/1'),
    exported_at: instant,
    head: z.strictObject({ position: z.int().min(0), hash: z.string().max(64) }),
    entries: z.array(ledgerEntrySchema),
  }),
  receipts: z
    .array(z.strictObject({ issuer: text(2_000), token: text(20_000), received_at: instant }))
    .max(1_000),
})

/**
 * Reads what moved. The chain of its ledger must be whole.
 *
 * @throws WalletError `move_unreadable`, `ledger_broken`
 */
export function readMovedWallet(plain: string): MovedWallet {
  const read = schema.safeParse(parsed(plain))
  if (!read.success) throw unreadable(read.error)
  // Optional members are there or not: JSON has no `undefined`, which is all that zod's type adds.
  const moved = read.data as MovedWallet
  const check = checkExportedLedger(JSON.stringify(moved.ledger))
  if (check.kind === 'whole') return moved
  throw new WalletError(
    'ledger_broken',
    `line ${check.position} of the ledger in the file does not hold; make a new file on the old device.`,
  )
}

function parsed(plain: string): unknown {
  try {
    return JSON.parse(plain)
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** A file that is none of ours, or of a version that this wallet does not know. */
export function unreadable(cause?: unknown): WalletError {
  return new WalletError(
    'move_unreadable',
    'this is no file of a wallet that moves, or of a newer wallet; choose the file that the old device made.',
    { cause },
  )
}
