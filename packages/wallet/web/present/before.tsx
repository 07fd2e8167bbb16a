import './before.css'
import type { RequestPreview } from '@netcert/wallet/rules'
import { Icon } from '../design/icon.js'
import { inLanguage } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'
import { dayWord } from '../texts/spoken-dates.js'

/** Whether they got something before, by the history of this wallet; it asks nobody. */
export function Before({ preview }: { readonly preview: Pick<RequestPreview, 'before' | 'ward'> }) {
  const { before, ward } = preview
  const text = inLanguage(presentTexts)
  if (before === null) return null
  const { times, last } = before
  const words = ward === null ? text.ownBefore : text.childBefore
  return (
    <p class="shown-before" data-testid="before" data-times={times}>
      <Icon name="history" size={18} />
      <span>{last === null ? words.first : words.again(times, dayWord(last))}</span>
    </p>
  )
}
