import { GATE_PASS } from '@netcert/credential'
import type { GatePreview } from '@netcert/wallet/rules'
import { useEffect } from 'preact/hooks'
import { typeName } from '../certificates/type-name.js'
import { Button, Notice } from '../design/controls.js'
import { Icon } from '../design/icon.js'
import { childWord } from '../family/child-word.js'
import { Before as ShownBefore } from '../present/before.js'
import type { Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { agoWord, numberWord } from '../texts/spoken-times.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage, language } from '../texts/language.js'
import { GateWarnings } from './gate-warnings.js'
import type { GateStage } from './gate-talk.js'
import { PassPips } from './pass-pips.js'
import { passesLeft } from './passes-left.js'
import { useSecondsLeft } from './seconds-left.js'
import { Venue } from './venue.js'
import { GateWithheld } from './withheld.js'

type Asked = Extract<GateStage, { name: 'asked' }>
/** From here on the time that is left is shown. */
const HURRY_SECONDS = 30

/** The one screen before a code is made: who asks, what they see, what it takes. */
export function GateConsent({ ground, asked }: { readonly ground: Ground; readonly asked: Asked }) {
  const text = inLanguage(gateTexts)
  const { preview } = asked
  const seconds = useSecondsLeft(ground.clock, preview.goodUntil)
  useEffect(() => {
    if (seconds === 0) asked.answer('late')
  }, [seconds === 0])
  return (
    <section class="gate-consent" data-testid="gate-consent" data-state={preview.state}>
      <Venue verifier={preview.verifier} />
      <ShownBefore preview={preview} />
      {preview.ward === null ? null : <Notice>{text.child(childWord(preview.ward.label))}</Notice>}
      <Before ground={ground} asked={asked} />
      <GateWarnings preview={preview} />
      <div class="panel">
        <Seen preview={preview} />
        <Taken ground={ground} preview={preview} />
      </div>
      <GateWithheld preview={preview} />
      {seconds === null || seconds > HURRY_SECONDS ? null : (
        <p class="hint gate-hurry" data-testid="seconds-left">
          {text.secondsLeft(numberWord(seconds))}
        </p>
      )}
      <Answers asked={asked} />
    </section>
  )
}

/** What leaves, by name; never its value. */
function Seen({ preview: { credentials, encrypted } }: { readonly preview: GatePreview }) {
  const text = inLanguage(gateTexts)
  const claims = credentials.flatMap((credential) => credential.claims)
  return (
    <>
      <h2>{text.leaves}</h2>
      <ul class="gate-claims" data-testid="leaving">
        {claims.map(({ path, label, class: kind }) => (
          <li key={path.join('.')} data-class={kind} data-path={path.join('.')}>
            <Icon name="check" />
            <span>{label[language.value]}</span>
          </li>
        ))}
      </ul>
      {claims.some((claim) => claim.class === 'identity') ? null : (
        <p class="gate-line">
          <Icon name="hidden" />
          <span>{text.stays}</span>
        </p>
      )}
      <p class="gate-line" data-testid="readable" data-encrypted={encrypted}>
        <Icon name={encrypted ? 'lock' : 'eye'} />
        <span>{encrypted ? text.encrypted : text.open}</span>
      </p>
    </>
  )
}

/** What it takes of what the wallet has. */
function Taken(props: { readonly ground: Ground; readonly preview: GatePreview }) {
  const text = inLanguage(gateTexts)
  const { ground, preview } = props
  const held = useLoaded(ground, () => ground.opened.wallet.list())
  const [first] = preview.credentials
  if (first === undefined) return null
  if (first.kind !== 'one-time') {
    const number = first.claims.some((claim) => claim.class === 'number')
    return (
      <div class="gate-taken" data-testid="taken" data-kind={first.kind}>
        <p>{text.usesCopy}</p>
        {number ? <p class="hint">{text.numberLeaves}</p> : null}
      </div>
    )
  }
  const passes = held.state === 'there' ? passesLeft(held.value, first.vct) : null
  if (passes === null || passes.left === 0) return null
  const left = numberWord(passes.left - 1)
  return (
    <div class="gate-taken" data-testid="taken" data-kind="one-time" data-left={passes.left - 1}>
      <p>
        <strong>{first.vct === GATE_PASS ? text.uses : text.usesOf(typeName(first.vct))}</strong>
        <span class="hint">{text.after(left, numberWord(passes.copies))}</span>
      </p>
      <PassPips left={passes.left} copies={passes.copies} using={1} />
      {passes.left === 1 ? <p class="hint">{text.lastOne}</p> : null}
    </div>
  )
}

/** That something was shown here just now: the code of then may do, and another one uses another copy. */
function Before({ ground, asked }: { readonly ground: Ground; readonly asked: Asked }) {
  const text = inLanguage(gateTexts)
  const { before } = asked
  if (before === null || (before.code === null && !usesUp(asked))) return null
  const ago = agoWord(before.at, ground.clock())
  return (
    <Notice kind="warn" testId="visit-before">
      {before.code === null ? text.before(ago) : text.beforeGood(ago)}
    </Notice>
  )
}

function usesUp({ preview }: Asked): boolean {
  return preview.credentials.some(({ kind }) => kind === 'one-time')
}

/** One tap. Where there is a good code for this venue, that is the first choice. */
function Answers({ asked }: { readonly asked: Asked }) {
  const text = inLanguage(gateTexts)
  const { before, answer, showBefore } = asked
  const good = before?.code ?? null
  return (
    <div class="gate-answers gate-yes">
      {good === null ? null : (
        <Button testId="show-before" look="main" onPress={() => showBefore(good)}>
          {text.showAgain}
        </Button>
      )}
      <Button
        testId="share"
        settles
        look={good === null ? 'main' : 'plain'}
        onPress={() => answer('share')}
      >
        {good === null ? text.show : usesUp(asked) ? text.another : text.anotherCopy}
      </Button>
      <Button testId="refuse" look="quiet" onPress={() => answer('refuse')}>
        {text.no}
      </Button>
    </div>
  )
}
