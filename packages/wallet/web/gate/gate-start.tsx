import { Button } from '../design/controls.js'
import { Icon } from '../design/icon.js'
import type { Ground } from '../shell/ground.js'
import { go } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { dayWord } from '../texts/spoken-dates.js'
import { numberWord } from '../texts/spoken-times.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage } from '../texts/language.js'
import { goodCode, type KeptCode } from './kept-code.js'
import { PassPips } from './pass-pips.js'
import { type PassesLeft, passesLeft } from './passes-left.js'

/** Before a gate: what there is to enter with, and where to begin. */
export function GateStart(props: {
  readonly ground: Ground
  readonly onShow: (code: KeptCode) => void
}) {
  const { ground, onShow } = props
  const text = inLanguage(gateTexts)
  const { wallet } = ground.opened
  const held = useLoaded(ground, () => wallet.list())
  const good = goodCode(wallet, ground.clock())
  return (
    <section class="gate-start" data-testid="gate-start">
      <h1>{text.startTitle}</h1>
      <p class="lead">{text.startLead}</p>
      {held.state === 'there' ? <Passes passes={passesLeft(held.value)} /> : null}
      <div class="gate-yes">
        <Button testId="scan-gate" look="main" icon="scan" onPress={() => go('scan')}>
          {text.scan}
        </Button>
        {good === null ? null : (
          <Button testId="show-again" onPress={() => onShow(good)}>
            {text.showAgain}
          </Button>
        )}
      </div>
    </section>
  )
}

function Passes({ passes }: { readonly passes: PassesLeft | null }) {
  const text = inLanguage(gateTexts)
  if (passes === null) {
    return (
      <div class="panel gate-none" data-testid="no-passes">
        <Icon name="gate" size={40} />
        <h2>{text.noPasses}</h2>
        <p class="hint">{text.noPassesLead}</p>
        <Button testId="gate-receive" onPress={() => go('receive')}>
          {text.receive}
        </Button>
      </div>
    )
  }
  const { left, copies, expiresAt } = passes
  return (
    <div class="panel" data-testid="passes-left" data-left={left} data-of={copies}>
      <h2>{text.passes}</h2>
      <p class="gate-count">{text.passesLeft(numberWord(left), numberWord(copies))}</p>
      <PassPips left={left} copies={copies} using={0} />
      <p class="hint">{text.passesUntil(dayWord(expiresAt))}</p>
    </div>
  )
}
