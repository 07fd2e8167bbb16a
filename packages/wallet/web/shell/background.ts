import { after, elapsed } from '@netcert/page/clock'
import type { DeferredReport, RenewalReport } from '@netcert/wallet/rules'
import { effect, signal } from '@preact/signals'
import { changed, type Ground } from './ground.js'
import { countWork } from './left-act.js'
import { place, type PlaceName } from './place.js'

/** What came of the last look for refills, and of what issuers put off. */
export type Refills = {
  readonly renewals: readonly RenewalReport[]
  readonly deferred: readonly DeferredReport[]
}

/** A whole number below this one. */
const randomBelow = (bound: number): number =>
  (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % bound

/** For the screens that tell of it. */
export const refills = signal<Refills>({ renewals: [], deferred: [] })

const MINUTE = 60_000
const FIRST_MILLISECONDS = 15_000
const BETWEEN_MILLISECONDS = 10 * MINUTE
const LISTS_SECONDS = 4 * 3_600

/** Where somebody is about to show something, or just did. */
const showing: ReadonlySet<PlaceName> = new Set(['scan', 'present', 'gate'])

/**
 * While the wallet is open, gets what its own schedule says is due: times come from the schedule and from
 * chance, never from what somebody is shown. A page is mostly opened to show something, and what fell due
 * while it was closed would then be fetched at that minute: so nobody is asked while something is shown,
 * nor for ten to sixty minutes from then, unless copies would end within a day.
 *
 * @returns what ends it
 */
export function refillInBackground(ground: Ground): () => void {
  const { isQuiet, forget } = quietAroundShowing()
  let isOver = false
  let stop = () => {}
  const mayAsk = async () =>
    navigator.onLine && (!isQuiet() || (await ground.opened.isAnyEnding().catch(() => false)))
  const round = async () => {
    if (await mayAsk()) {
      // What an issuer put off it gives once: a lock in the middle would lose it.
      await countWork(() => look(ground)).catch(() => undefined)
      // Whatever came of that: without lists that hold, nothing would go the next time either.
      await copyLists(ground).catch(() => undefined)
    }
    if (!isOver) stop = after(BETWEEN_MILLISECONDS + randomBelow(BETWEEN_MILLISECONDS), again)
  }
  const again = () => void round()
  stop = after(FIRST_MILLISECONDS + randomBelow(FIRST_MILLISECONDS), again)
  return () => {
    isOver = true
    forget()
    stop()
  }
}

/** Quiet while somebody is where things are shown, and for a while from when they left. */
function quietAroundShowing() {
  let isShowing = false
  let quietUntil = 0
  const forget = effect(() => {
    const wasShowing = isShowing
    isShowing = showing.has(place.value.name)
    if (wasShowing && !isShowing) quietUntil = elapsed() + 10 * MINUTE + randomBelow(50 * MINUTE)
  })
  return { forget, isQuiet: () => isShowing || elapsed() < quietUntil }
}

/** One look. Nobody is asked unless something is due. */
async function look(ground: Ground): Promise<void> {
  const { wallet, isAnythingDue } = ground.opened
  if (await isAnythingDue()) {
    const [deferred, renewals] = [await wallet.pollDeferred(), await wallet.refill()]
    const isNews = [...deferred, ...renewals].some(({ kind }) => kind !== 'waiting')
    refills.value = { renewals: renewals.length > 0 ? renewals : refills.value.renewals, deferred }
    if (isNews) changed(ground)
  }
}

/** Copies what is published, all of it, a few times a day at the most. */
async function copyLists({ opened, records, clock }: Ground): Promise<void> {
  const now = Math.floor(clock().getTime() / 1000)
  const last = (await records.get('listsCopiedAt')) ?? 0
  if (now >= last && now - last < LISTS_SECONDS) return
  if ((await opened.wallet.list()).length === 0) return
  await opened.copies.refresh()
  await records.put('listsCopiedAt', now)
}
