import { ProtocolError, verifyDisclosureReceipt } from '@netcert/protocol'
import type { VerifiedAccreditation } from './accredited-verifier.js'
import type { LedgerBook } from './ledger-book.js'
import type { ReceiptContent } from './ledger-entry.js'
import type { Platforms } from './platform-access.js'
import type { Shown } from './showing.js'
import type { HeldWard } from './ward-records.js'

/** What became of the receipt for an answer. */
export type ReceiptState = ReceiptContent['state']

/**
 * Holds the receipt of a platform against what was sent, and hangs it on the lines of the ledger. A
 * missing or wrong one is noted: the answer was given all the same.
 *
 * @returns null for a verifier of which no receipt can be expected
 */
export async function settleReceipt(
  context: {
    readonly ledger: LedgerBook
    readonly platforms: Platforms
    readonly ward: HeldWard | null
    readonly clock: () => Date
  },
  answer: {
    readonly accredited: VerifiedAccreditation | null
    readonly shown: readonly Shown[]
    /** Null: there should be one, and is none. Undefined: none can be expected. */
    readonly token: string | null | undefined
  },
): Promise<ReceiptState | null> {
  const { accredited, shown, token } = answer
  if (accredited === null) return null
  const { accreditation } = accredited
  const { platformId, name } = accreditation
  const holding = { platformId, ward: context.ward?.id ?? null }
  await context.platforms.note(holding, { name, accreditation: accreditation.token })
  if (token === undefined) return null
  const state = token === null ? 'missing' : await judge(token)
  const proof = state === 'verified' ? token : null
  const of = shown.map(({ disclosure }) => disclosure)
  await context.ledger.append({ kind: 'receipt', of, state, token: proof })
  return state

  async function judge(text: string): Promise<ReceiptState> {
    const presentations = shown.map(({ presentation }) => presentation)
    const demands = { accreditation, presentations, now: context.clock() }
    try {
      await verifyDisclosureReceipt(text, demands)
      return 'verified'
    } catch (error) {
      if (error instanceof ProtocolError) return 'invalid'
      throw error
    }
  }
}
