import type { LocalisedText } from '@netcert/protocol'

/** What is said of something wrong in a document: where, why, and what to do; never its value. */
export type FindingText = {
  /** Path of the member, `document.number`; empty for the whole. */
  readonly field: string
  readonly reason: LocalisedText
  readonly cure: LocalisedText
}

/** What is wrong with one member of a document; the code is stable. */
export type Finding = FindingText & { readonly code: string }

/** A sentence in the languages of citizens. */
export function text(zh: string, en: string): LocalisedText {
  return { 'zh-CN': zh, en }
}

/** A row of a table of refusals. */
export function said(field: string, reason: LocalisedText, cure: LocalisedText): FindingText {
  return { field, reason, cure }
}
