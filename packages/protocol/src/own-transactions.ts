import type { JsonObject } from '@netcert/credential'
import { z } from 'zod'
import type { LocalisedText } from './display-text.js'
import { displayText } from './wire-text.js'

/** An act of somebody of 14 to 17 years to which a guardian consents. */
export const MINOR_ACT = 'urn:netcert:minor-act:1'

/**
 * What the minor and the guardian both sign: the same entry, byte for byte, in both requests.
 *
 * @see docs/formats/minors.md
 */
export const minorActSchema = z.strictObject({
  /** 128 random bits, base64url: two acts of the same words are still two. */
  act: z.string().regex(/^[\w-]{22}$/),
  action: z.strictObject({ 'zh-CN': displayText, en: displayText }),
  /** What it may cost at most; null: it costs nothing. A decimal number of the currency. */
  limit: z
    .strictObject({
      amount: z.string().regex(/^(?:0|[1-9]\d{0,11})(?:\.\d{1,3})?$/),
      currency: z.string().regex(/^[A-Z]{3}$/),
    })
    .nullable(),
  /** Seconds since 1970: after it the consent is worth nothing. */
  expires_at: z.int().positive(),
})

/** Members of a transaction of type {@link MINOR_ACT}. */
export type MinorActMembers = z.infer<typeof minorActSchema>

/** A type of `transaction_data` that netcert defines itself. */
export type OwnTransaction = {
  /** Closed: a member that is not in it is refused, for nobody would have been shown it. */
  readonly schema: { safeParse(value: unknown): { readonly success: boolean } }
  /** What presenting says yes to. */
  readonly name: LocalisedText
}

/** Every type that a wallet of ours shows and signs without being told of it, by `type`. */
export const ownTransactions: Readonly<Record<string, OwnTransaction>> = {
  [MINOR_ACT]: {
    schema: minorActSchema,
    name: {
      'zh-CN': '未成年人的行为（需监护人同意）',
      en: 'An act of a minor, with a guardian’s consent',
    },
  },
}

/**
 * The entry of {@link ownTransactions}; null for a type that is somebody else's.
 */
export function ownTransaction(type: string): OwnTransaction | null {
  return Object.hasOwn(ownTransactions, type) ? (ownTransactions[type] ?? null) : null
}

/** Whether members are what their type says; for types of others there is nothing to say. */
export function isWellFormed(type: string, members: JsonObject): boolean {
  return ownTransaction(type)?.schema.safeParse(members).success ?? true
}
