import type { GatePreview } from '@netcert/wallet/rules'
import { Button } from '../design/controls.js'
import { Before } from '../present/before.js'
import { OwnValues } from '../present/own-values.js'
import type { Ground } from '../shell/ground.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage, language } from '../texts/language.js'
import type { GateDecision } from './gate-talk.js'
import { Venue } from './venue.js'

/** Plain words about who somebody is: a question of its own, with the law that is cited. */
export function IdentityQuestion(props: {
  readonly ground: Ground
  readonly preview: GatePreview
  readonly onAnswer: (decision: GateDecision) => void
}) {
  const text = inLanguage(gateTexts)
  const { ground, preview, onAnswer } = props
  return (
    <section class="gate-consent" data-testid="gate-identity" data-state={preview.state}>
      <Venue verifier={preview.verifier} />
      <Before preview={preview} />
      <div class="panel gate-identity">
        <h2>{text.identityTitle}</h2>
        <p>{text.identityLead}</p>
        <ul class="gate-claims">
          {preview.identity.map(({ path, label, basis }) => (
            <li key={path.join('.')}>
              <span>
                {label[language.value]}
                <small>
                  {basis.startsWith('law:') ? text.byLaw(basis.slice(4)) : text.byConsent}
                </small>
              </span>
            </li>
          ))}
        </ul>
      </div>
      <OwnValues ground={ground} preview={preview} />
      <div class="gate-yes">
        <Button testId="share" look="main" settles onPress={() => onAnswer('share')}>
          {text.identityYes}
        </Button>
        <Button testId="refuse" onPress={() => onAnswer('refuse')}>
          {text.identityNo}
        </Button>
      </div>
    </section>
  )
}
