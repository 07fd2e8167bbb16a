import { z } from 'zod'

const name = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
const tag = z.string().regex(/^[\w-]{22}$/)
const hash = z.string().regex(/^[\w-]{43}$/)
const instant = z.int().min(0).max(253_402_300_799)

const entrySchema = z.strictObject({
  number: z.int().min(1),
  gate: name,
  lane: name,
  at: instant,
  by: z.enum(['challenge', 'poster', 'paper']),
  holder: tag,
  person: tag.nullable(),
  answer: tag,
  hash,
})

/** An exported ledger with its wire names. See docs/formats/gate-ledger.md. */
export const ledgerFileSchema = z.strictObject({
  netcert_gate_ledger: z.literal(1),
  ledger: tag,
  event: name,
  erases_at: instant,
  exported_at: instant,
  entries: z.array(entrySchema).max(500_000),
  signature: z.string().max(4096),
})
export type LedgerFile = z.infer<typeof ledgerFileSchema>

/** What is signed of it. */
export const ledgerHeadSchema = z.strictObject({
  ledger: tag,
  event: name,
  erases_at: instant,
  exported_at: instant,
  entries: z.int().min(0),
  hash: z.union([hash, z.literal('')]),
})
