import { decisionText, isDecisionCode } from '@netcert/protocol'
import { type RefusalSentence, refusalSentence } from '../errors/refusal-sentence.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage, language } from '../texts/language.js'

/** Why a gate is not answered, in the words for a gate where there are some. */
export function gateRefusal(error: unknown): RefusalSentence {
  const said = refusalSentence(error)
  const { code } = said
  const known: Readonly<Record<string, string>> = inLanguage(gateTexts).refused
  const own = Object.hasOwn(known, code) ? known[code] : undefined
  if (own !== undefined) return { code, text: own }
  return isDecisionCode(code) ? { code, text: decisionText(code, language.value) } : said
}
