import type { ConsentDecision, RequestPreview } from '@netcert/wallet/rules'
import { type Signal, useSignal } from '@preact/signals'
import { Button, Notice, Section } from '../design/controls.js'
import { childWord } from '../family/child-word.js'
import type { Ground } from '../shell/ground.js'
import { inLanguage, language } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'
import { Asker } from './asker.js'
import './present.css'
import { Leaving } from './leaving.js'
import { OwnValues } from './own-values.js'
import { Withheld } from './withheld.js'

type Props = {
  readonly ground: Ground
  readonly preview: RequestPreview
  readonly onAnswer: (decision: ConsentDecision) => void
}

/** The one screen before anything leaves: who asks, what leaves, what stays. */
export function Consent({ ground, preview, onAnswer }: Props) {
  const text = inLanguage(presentTexts)
  const { state } = preview
  return (
    <section key={state} class="consent" data-testid="consent" data-state={state}>
      <Asker preview={preview} />
      {preview.ward === null ? null : (
        <Notice>{text.aboutChild(childWord(preview.ward.label))}</Notice>
      )}
      {state === 'needs_identity_consent' ? (
        <>
          <Identity preview={preview} />
          <OwnValues ground={ground} preview={preview} />
        </>
      ) : null}
      {state === 'ready' ? <Ready preview={preview} onAnswer={onAnswer} /> : null}
      {state === 'ready' ? null : <BeforeThat preview={preview} onAnswer={onAnswer} />}
      <Withheld withheld={preview.withheld} />
      <Alternatives preview={preview} />
    </section>
  )
}

function Ready({ preview, onAnswer }: Omit<Props, 'ground'>) {
  const text = inLanguage(presentTexts)
  const withOptional = useSignal(false)
  const { credentials, optional, transactions } = preview
  return (
    <>
      <div class="panel">
        <h2>{text.leaves}</h2>
        {credentials.map((credential) => (
          <Leaving key={credential.id} credential={credential} />
        ))}
      </div>
      <Optional optional={optional} chosen={withOptional} />
      {transactions.map(({ type, members }) => (
        <Section key={type} title={text.authorises}>
          <pre class="members">{JSON.stringify(members, null, 2)}</pre>
        </Section>
      ))}
      <Actions
        yes={text.share}
        onYes={() => onAnswer(withOptional.value ? 'share-optional' : 'share')}
        onAnswer={onAnswer}
      />
    </>
  )
}

/** What they would like besides, and whether it may leave too. */
function Optional(props: {
  readonly optional: RequestPreview['optional']
  readonly chosen: Signal<boolean>
}) {
  const text = inLanguage(presentTexts)
  const { optional, chosen } = props
  if (optional.length === 0) return null
  return (
    <div class="panel">
      <h2>{text.optional}</h2>
      {optional.map((credential) => (
        <Leaving key={credential.id} credential={credential} />
      ))}
      <label class="choice-line">
        <input
          type="checkbox"
          data-testid="with-optional"
          checked={chosen.value}
          onChange={(event) => (chosen.value = event.currentTarget.checked)}
        />
        <span>{text.optionalToo}</span>
      </label>
    </div>
  )
}

/** What has to be said, or fetched, first; or why nothing can be answered. */
function BeforeThat({ preview, onAnswer }: Omit<Props, 'ground'>) {
  const text = inLanguage(presentTexts)
  const { state, refills, needed } = preview
  const known = text.states as Readonly<Record<string, string>>
  const canGoOn = Object.hasOwn(text.goesOn, state)
  const from = [...refills.map(({ issuer }) => issuer), ...(needed === null ? [] : [needed.issuer])]
  const yes = (text.goesOn as Readonly<Record<string, string>>)[state] ?? ''
  return (
    <>
      <Notice kind={canGoOn ? 'plain' : 'warn'} testId="state" code={state}>
        <p>{known[state] ?? text.refused(state)}</p>
        {from.length === 0 ? null : (
          <p>{text.issuerLearns(new URL(from[0] ?? '', 'https://issuer.invalid').host)}</p>
        )}
      </Notice>
      <Actions yes={canGoOn ? yes : null} onYes={() => onAnswer('share')} onAnswer={onAnswer} />
    </>
  )
}

function Actions(props: {
  readonly yes: string | null
  readonly onYes: () => void
  readonly onAnswer: Props['onAnswer']
}) {
  const text = inLanguage(presentTexts)
  return (
    <div class="consent-answers">
      {props.yes === null ? null : (
        <Button testId="share" look="main" settles onPress={props.onYes}>
          {props.yes}
        </Button>
      )}
      <Button testId="refuse" onPress={() => props.onAnswer('refuse')}>
        {text.refuse}
      </Button>
      <Button testId="ignore" look="quiet" onPress={() => props.onAnswer('ignore')}>
        {text.ignore}
      </Button>
    </div>
  )
}

/** Plain words about who somebody is: a question of its own, with the law that is cited. */
function Identity({ preview }: Pick<Props, 'preview'>) {
  const text = inLanguage(presentTexts)
  return (
    <Notice kind="warn" testId="identity">
      <p>
        <strong>{text.identityTitle}</strong>
      </p>
      <p>{text.identityLead}</p>
      <ul class="identity-claims">
        {preview.identity.map(({ path, label, basis }) => (
          <li key={path.join('.')}>
            {label[language.value]}{' '}
            <span class="hint">
              {basis.startsWith('law:') ? text.byLaw(basis.slice(4)) : text.byConsent}
            </span>
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function Alternatives({ preview }: Pick<Props, 'preview'>) {
  const text = inLanguage(presentTexts)
  if (preview.alternatives.length === 0) return null
  return (
    <Section title={text.alternatives}>
      <ul class="alternatives">
        {preview.alternatives.map((words) => (
          <li key={words.en}>{words[language.value]}</li>
        ))}
      </ul>
    </Section>
  )
}
