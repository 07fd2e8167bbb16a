import type { ListStore, SequenceBlock } from './list-store.js'

/** A process that mints much asks the database once for so many sequence numbers. */
const LARGEST_BLOCK = 1000

/** A place on a status list, as the database counts: the index follows by permutation. */
export type StatusPlace = { readonly list: number; readonly sequence: number }

/** Hands out the places of status lists to this process. */
export type SequenceBlocks = {
  /** One place that nobody else has or will have. */
  take(): Promise<StatusPlace>
}

/**
 * Takes sequence numbers in blocks that double from 1 to 1,000: a command that mints one
 * certificate costs one number, a process that mints a million asks a thousand times. What a
 * process has taken and not used when it ends is lost, never freed.
 */
export function createSequenceBlocks(lists: Pick<ListStore, 'takeSequences'>): SequenceBlocks {
  let size = 1
  let block: SequenceBlock | undefined
  let used = 0
  let queue: Promise<unknown> = Promise.resolve()
  const next = async (): Promise<StatusPlace> => {
    if (block === undefined || used === block.count) {
      block = await lists.takeSequences(size)
      used = 0
      size = Math.min(size * 2, LARGEST_BLOCK)
    }
    return { list: block.list, sequence: block.first + used++ }
  }
  return {
    take() {
      // One after another: two callers that both found the block empty would both take a new one.
      const before = queue
      const place = (async () => {
        await before
        return next()
      })()
      queue = place.catch(() => undefined)
      return place
    },
  }
}
