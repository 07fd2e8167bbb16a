import type { WardHolding } from '@netcert/wallet/rules'
import { PauseAct } from '../safety/pause-act.js'
import type { Ground } from '../shell/ground.js'
import { familyTexts } from '../texts/family.js'
import { inLanguage } from '../texts/language.js'
import { childWord } from './child-word.js'

type Props = { readonly ground: Ground; readonly holding: WardHolding }

/** The pause of everything about a child: what it means, for how long, and the one word. */
export function WardPause({ ground, holding: { id: ward, label } }: Props) {
  const text = inLanguage(familyTexts)
  return (
    <PauseAct
      ground={ground}
      testId="pause-ward"
      label={text.pause}
      title={text.pauseTitle(childWord(label))}
      means={text.pauseMeans}
      pause={(end) => ground.opened.wallet.wards.pause({ ward, ...end })}
    />
  )
}
