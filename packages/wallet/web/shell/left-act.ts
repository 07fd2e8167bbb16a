import { effect, type Signal, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { changed, type Ground, say } from './ground.js'

/** A word at the foot of the page. */
export type Word = { readonly text: string; readonly kind: 'good' | 'bad' }

/** How many acts are under way that are not to be broken off: somebody said yes, or an issuer answers once. */
export const actsUnderWay = signal(0)

/**
 * An act goes on when its screen is left: nobody can take back what has gone out. What came of it is told
 * wherever somebody is by then. A question that was left is answered by nobody.
 *
 * @param stagesOf - Of the act that the screen shows; null: of none.
 * @param told.isUnderWay - Whether somebody said yes already.
 * @param told.wordOf - Null while there is nothing to tell.
 */
export function useLeftAct<Stage>(
  ground: Ground,
  stagesOf: () => Signal<Stage> | null,
  told: {
    readonly isUnderWay: (stage: Stage) => boolean
    readonly wordOf: (stage: Stage) => Word | null
  },
): void {
  useEffect(
    () => () => {
      const stages = stagesOf()
      if (stages === null || !told.isUnderWay(stages.value)) return
      let isTold = false
      stages.subscribe((stage) => {
        const word = isTold ? null : told.wordOf(stage)
        if (word === null) return
        isTold = true
        say(word.text, word.kind)
        changed(ground)
      })
    },
    [],
  )
}

/** Counts an act while it is under way. */
export function countAct<Stage>(
  stages: Signal<Stage>,
  isUnderWay: (stage: Stage) => boolean,
): Signal<Stage> {
  let was = false
  stages.subscribe((stage) => {
    const is = isUnderWay(stage)
    if (is !== was) actsUnderWay.value += is ? 1 : -1
    was = is
  })
  return stages
}

/** Counts some work while it is under way. */
export async function countWork<Result>(work: () => Promise<Result>): Promise<Result> {
  actsUnderWay.value += 1
  try {
    return await work()
  } finally {
    actsUnderWay.value -= 1
  }
}

/**
 * Calls once no act is under way any more: the wallet was locked, or another tab has it. What this page
 * opened does not stay open behind a word, but what somebody said yes to comes to its end.
 */
export function afterActs(call: () => void): void {
  let isOver = false
  const stop = effect(() => {
    if (isOver || actsUnderWay.value > 0) return
    isOver = true
    call()
  })
  if (isOver) stop()
}
