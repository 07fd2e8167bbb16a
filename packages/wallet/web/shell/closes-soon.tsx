import './closes-soon.css'
import { Button } from '../design/controls.js'
import { inLanguage } from '../texts/language.js'
import { shellTexts } from '../texts/shell.js'
import { closesSoon } from './auto-lock.js'

/**
 * That nobody touched the wallet for long and it is about to close. The place is there before the words
 * are, so that they are read out; any touch is enough, and the button is one.
 */
export function ClosesSoon() {
  const text = inLanguage(shellTexts)
  return (
    <div class="closes-soon" role="status">
      {closesSoon.value ? (
        <div class="update" data-testid="closes-soon">
          <span>{text.closesSoon}</span>
          <Button testId="stay-open" look="main" onPress={() => (closesSoon.value = false)}>
            {text.stayOpen}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
