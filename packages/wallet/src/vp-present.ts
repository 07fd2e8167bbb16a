import { type ClaimPath, epochSeconds } from '@netcert/credential'
import { hashTransactionData, type PresentationRequest } from '@netcert/protocol'
import type { PlatformNote } from './ledger-entry.js'
import { openCopy } from './received-copies.js'
import { type ShowingSource, type Shown, type ShownTo, showCopy } from './showing.js'
import type { PlannedPresentation } from './vp-plan.js'
import { usedUp } from './vp-refill.js'
import type { HeldWard } from './ward-records.js'

/** One presentation that left the wallet. */
export type SharedPresentation = {
  /** The `id` of the credential query. */
  readonly id: string
  readonly vct: string
  readonly disclosed: readonly ClaimPath[]
}

/** Everything that leaves for one answer. */
export type PresentedAnswer = {
  readonly vpToken: Readonly<Record<string, readonly string[]>>
  readonly shown: readonly Shown[]
}

/** Makes the presentations of an answer. @throws WalletError `copies_used_up` */
export async function presentAll(
  source: ShowingSource & { readonly clock: () => Date; readonly ward: HeldWard | null },
  request: PresentationRequest,
  options: {
    readonly chosen: readonly PlannedPresentation[]
    readonly platform: PlatformNote | null
  },
): Promise<PresentedAnswer> {
  const { chosen, platform } = options
  const { audience, nonce } = request
  const vpToken: Record<string, string[]> = {}
  const shown: Shown[] = []
  let open = request.transactionData
  for (const planned of chosen) {
    const authorised = open.filter(({ credentialIds }) => credentialIds.includes(planned.id))
    open = open.filter((entry) => !authorised.includes(entry))
    const keyBindingClaims = authorised.length === 0 ? {} : hashTransactionData(authorised)
    const isOwn = planned.candidate.batch.ward_id === null || source.ward === null
    const about = isOwn ? {} : { ward: source.ward }
    const to = { audience, nonce, platform, keyBindingClaims, ...about }
    const one = await presentOne(source, planned, to)
    shown.push(one)
    vpToken[planned.id] = [...(vpToken[planned.id] ?? []), one.presentation]
  }
  return { vpToken, shown }
}

async function presentOne(
  source: ShowingSource & { readonly clock: () => Date },
  { candidate, kind, paths }: PlannedPresentation,
  to: ShownTo,
): Promise<Shown> {
  const { store, vault, clock } = source
  const now = clock()
  let copy: typeof candidate.copy | undefined = candidate.copy
  let held = candidate.held
  // Each turn lost means that this copy was used meanwhile; so this ends when none is left.
  while (copy !== undefined) {
    const shown = await showCopy(source, { copy, held, kind, paths }, to, now)
    if (shown !== null) return shown
    copy = await store.anyCopyOf(candidate.batch.id, epochSeconds(now))
    if (copy !== undefined) held = openCopy(vault, copy)
  }
  throw usedUp()
}
