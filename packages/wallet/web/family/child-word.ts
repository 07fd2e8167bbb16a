import { childTexts } from '../texts/child.js'
import { inLanguage } from '../texts/language.js'
import { wardWord } from './ward-word.js'

/** What a child is called on the screen, in the language of the page. */
export function childWord(label: string): string {
  return wardWord(label, inLanguage(childTexts).child)
}
