import { isDisplayText } from '@netcert/protocol'
import { z } from 'zod'

const shown = z.string().max(3200).refine(isDisplayText)
const localised = z.strictObject({ 'zh-CN': shown, en: shown })
/** Names go into nonces, tags and chains, where `|` parts them. */
const name = (most: number) => z.string().regex(new RegExp(`^[A-Za-z0-9._-]{1,${most}}$`))
/** base64url of 32 bytes. */
const secret = z.string().regex(/^[\w-]{43}$/)
const text = z.string().min(1)

/** What stands in a lane file, with its wire names. See docs/formats/gate-lane.md. */
export const laneFileSchema = z.strictObject({
  venue: localised,
  event: z.strictObject({
    id: name(64),
    name: localised,
    ends_at: z.int().min(0).max(253_402_300_799),
  }),
  gate: name(32),
  lane: name(32),
  kind: z.enum(['fact', 'ticket']),
  client_id: text.max(2048),
  platform_id: text.max(128),
  accreditation: text.max(64 * 1024),
  root_did: text.max(256),
  query: z.unknown(),
  freshness: z.unknown(),
  rotate: z.enum(['epoch', 'entry']),
  poster: z.boolean(),
  paper: z.boolean(),
  keep_ledger_seconds: z
    .int()
    .min(0)
    .max(366 * 86_400),
  request_key: z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: secret,
    y: secret,
    d: secret,
  }),
  lane_secret: secret,
  ledger_key: secret,
})
export type LaneFileMembers = z.infer<typeof laneFileSchema>
