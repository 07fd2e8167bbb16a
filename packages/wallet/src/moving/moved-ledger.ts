import { z } from 'zod'

const text = (most: number) => z.string().min(1).max(most)
const instant = z.int().min(0).max(253_402_300_799)
const localised = z.strictObject({ 'zh-CN': text(2_000), en: text(2_000) })
const platform = { id: text(2_000), name: localised }
const ward = z.strictObject({ id: text(200), label: text(200) }).optional()
const line = { position: z.int().min(1), recorded_at: instant, previous: z.string().max(64) }
const path = z.array(z.union([z.string().max(1_000), z.int(), z.null()])).max(32)

const disclosure = z.strictObject({
  ...line,
  kind: z.literal('disclosure'),
  id: text(200),
  audience: text(4_000),
  vct: text(2_000),
  copy: z.enum(['one-time', 'platform']),
  claims: z.array(path).max(1_000),
  platform: z
    .strictObject({
      ...platform,
      purpose: localised,
      purpose_id: text(2_000),
      legal_basis: text(2_000),
      accreditation: text(2_000),
      until: instant,
    })
    .nullable(),
  ward,
})

const receipt = z.strictObject({
  ...line,
  kind: z.literal('receipt'),
  of: z.array(text(200)).max(1_000),
  state: z.enum(['verified', 'missing', 'invalid']),
  token: text(20_000).nullable(),
})

const deletion = z.strictObject({
  ...line,
  kind: z.literal('deletion'),
  id: text(200),
  platform: z.strictObject(platform),
  state: z.enum(['requested', 'undelivered', 'unproven', 'deleted', 'scheduled', 'refused']),
  due_at: instant.nullable(),
  reason: localised.nullable(),
  token: text(20_000).nullable(),
  ward,
})

const report = z.strictObject({
  ...line,
  kind: z.literal('report'),
  platform: z.strictObject(platform),
  code: text(200),
  report_id: text(2_000),
})

/**
 * A line of a ledger as it stands in a file, by docs/formats/ledger.md. A hash shows that it was not
 * changed; this, that the wallet knows what it means.
 */
export const ledgerEntrySchema = z.discriminatedUnion('kind', [
  disclosure,
  receipt,
  deletion,
  report,
])
