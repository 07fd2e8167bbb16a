import { printable } from './printable.js'

/** A line that tells how far long work is; on a terminal only. */
export type Progress = {
  /** Says how many are done. */
  update(done: number): void
  /** Wipes the line, once. */
  end(): void
}

/** What a progress line counts. */
export type ProgressOptions = {
  readonly label: string
  readonly total?: number
  readonly stream: NodeJS.WriteStream
  readonly json: boolean
}

const quiet: Progress = { update: () => {}, end: () => {} }
const wipe = '\r\u001b[2K'

/**
 * A progress line on a stream that is a terminal, drawn at most ten times a second; nothing in a
 * pipe, so no control character ever gets into a file.
 */
export function createProgress({ label, total, stream, json }: ProgressOptions): Progress {
  if (!stream.isTTY || json) return quiet
  const started = Date.now()
  let drawn = 0
  return {
    update(done) {
      const now = Date.now()
      if (now - drawn < 100) return
      drawn = now
      stream.write(`${wipe}${progressLine(printable(label), done, total, now - started)}`)
    },
    end() {
      if (drawn > 0) stream.write(wipe)
      drawn = 0
    },
  }
}

/** The text of a progress line: label, count, bar and rate. */
export function progressLine(
  label: string,
  done: number,
  total: number | undefined,
  elapsedMs: number,
): string {
  const rate =
    elapsedMs > 500 ? `  ${Math.round((done * 1000) / elapsedMs).toLocaleString('en')}/s` : ''
  if (total === undefined || total === 0) return `${label}  ${done.toLocaleString('en')}${rate}`
  const filled = Math.round((Math.min(done, total) / total) * 20)
  const bar = '█'.repeat(filled) + '░'.repeat(20 - filled)
  const left = elapsedMs > 2_000 && done > 0 ? `  ${remaining(elapsedMs, done, total)} left` : ''
  return `${label}  ${bar}  ${done.toLocaleString('en')} of ${total.toLocaleString('en')}${rate}${left}`
}

function remaining(elapsedMs: number, done: number, total: number): string {
  const seconds = Math.ceil(((elapsedMs / done) * Math.max(0, total - done)) / 1000)
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
