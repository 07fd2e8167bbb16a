import { ERASED_TEXTS, type ErasureReceipt, KEPT_TEXTS } from '@netcert/protocol'
import type { Invocation } from './invocation.js'
import { styled } from './screen.js'

/** What an erasure receipt says, line by line, in the reader's language. */
export function tellErasure({ screen, language }: Invocation, receipt: ErasureReceipt): void {
  const { erased, kept, erasedAt } = receipt
  const words = WORDS[language]
  screen.line(styled('bold', words.erased), `  ${day(erasedAt)}`)
  for (const { class: name, count } of erased) {
    screen.line(`  ${String(count).padStart(5)}  ${ERASED_TEXTS[name][language]}`)
  }
  screen.line(styled('bold', words.kept))
  for (const { class: name, count, until } of kept) {
    const end = until === null ? '' : `  (${words.until} ${day(until)})`
    screen.line(`  ${String(count).padStart(5)}  ${KEPT_TEXTS[name][language]}${end}`)
  }
}

/** A receipt as programs read it. */
export function wireErasure(receipt: ErasureReceipt): object {
  const { id, issuer, networkNumberHash, erasedAt, erased, kept, token } = receipt
  return {
    id,
    issuer,
    network_number_hash: networkNumberHash,
    erased_at: erasedAt,
    erased,
    kept: kept.map(({ class: name, count, until }) => ({ class: name, count, until })),
    receipt: token,
  }
}

const WORDS = {
  'zh-CN': { erased: '已删除', kept: '保留及原因', until: '至' },
  en: { erased: 'Deleted', kept: 'What stays, and why', until: 'until' },
} as const

function day(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
