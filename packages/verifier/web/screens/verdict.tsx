import { certificateTypes, type JsonObject, type JsonValue } from '@netcert/credential'
import { elapsed, now } from '@netcert/page/clock'
import type { GateColour, GateVerdict } from '@netcert/verifier/gate'
import { useEffect } from 'preact/hooks'
import { mark } from '../marks.js'
import type { GateDesk } from '../gate/gate-desk.js'
import type { ShownVerdict } from '../gate/shown-verdict.js'
import { Button } from '../parts/controls.js'
import { numberText, spanText, whenText } from '../texts/amounts.js'
import { language, otherLanguage, texts, textsIn } from '../texts/language.js'
import { MinuteSign } from './minute-sign.js'
import { VerdictSign } from './verdict-sign.js'

/**
 * The whole screen in the verdict's colour, with a shape and a word of its own for each. What it
 * shows of a person is gone from the page as soon as it closes.
 */
export function VerdictScreen({ desk }: { readonly desk: GateDesk }) {
  const shown = desk.verdict.value
  return (
    <div role="alert" aria-atomic="true" data-testid="verdict-live">
      {shown === null ? null : (
        <Verdict key={shown.verdict.at.getTime()} shown={shown} desk={desk} />
      )}
    </div>
  )
}

function Verdict({ shown, desk }: { readonly shown: ShownVerdict; readonly desk: GateDesk }) {
  const { verdict, frame } = shown
  const { colour, code, entry, by } = verdict
  usePaintedMark(frame)
  useDismissKey(desk)
  const word = desk.screen.word.value
  return (
    <div
      class={`verdict ${colour}`}
      data-testid="verdict"
      data-colour={colour}
      data-code={code}
      data-detail={verdict.detail ?? ''}
      data-entry={entry ?? ''}
      data-by={by ?? ''}
      onClick={() => desk.dismiss()}
    >
      <Reasons verdict={verdict} />
      <footer class="verdict-foot">
        {word === null ? null : <MinuteSign word={word} testId="verdict-minute" />}
        <Freshness verdict={verdict} />
        <Button testId="verdict-dismiss" onPress={() => desk.dismiss()}>
          {texts.value.seen}
        </Button>
      </footer>
      {entry === null ? null : <EntryNumber entry={entry} />}
    </div>
  )
}

function Reasons({ verdict }: { readonly verdict: GateVerdict }) {
  const { colour, code, sentence } = verdict
  return (
    <div class="verdict-main">
      <VerdictSign colour={colour} />
      <VerdictWord colour={colour} />
      {/* The word says it already. */}
      <div class={code === 'entered' ? 'unseen' : 'verdict-reasons'}>
        <p class="verdict-reason" data-testid="verdict-reason">
          {sentence[language.value]}
        </p>
        <p class="verdict-reason-other" lang={otherLanguage.value}>
          {sentence[otherLanguage.value]}
        </p>
      </div>
      <Before verdict={verdict} />
      <Identity verdict={verdict} />
    </div>
  )
}

function VerdictWord({ colour }: { readonly colour: GateColour }) {
  return (
    <h1
      class="verdict-word"
      data-testid="verdict-word"
      style={{ '--ems': String(widthInEms(texts.value[colour])) }}
    >
      {texts.value[colour]}
      <span lang={otherLanguage.value}>{textsIn(otherLanguage.value)[colour]}</span>
    </h1>
  )
}

/** About how wide a word is: what is not Chinese takes little more than half. */
function widthInEms(word: string): number {
  const wide = word.match(/[\u2e80-\uffef]/g)?.length ?? 0
  return wide + (word.length - wide) * 0.62
}

function EntryNumber({ entry }: { readonly entry: number }) {
  return (
    <p class="verdict-entry" data-testid="verdict-entry">
      {texts.value.entryNumber(numberText(entry, language.value))}
    </p>
  )
}

function Freshness({ verdict }: { readonly verdict: GateVerdict }) {
  const { freshAsOf, freshUnknown, packAsOf, byChallenge, byPoster, byPaper } = texts.value
  const { freshness, lists, by, assurance } = verdict
  const which = language.value
  const says =
    freshness !== null
      ? freshAsOf(whenText(freshness.asOf, now(), which), spanText(freshness.ageSeconds, which))
      : lists.ageSeconds === null
        ? freshUnknown
        : packAsOf(spanText(lists.ageSeconds, which))
  const shownBy =
    by === null ? '' : { challenge: byChallenge, poster: byPoster, paper: byPaper }[by]
  return (
    <p class="verdict-freshness" data-testid="verdict-freshness">
      {says}
      {shownBy === '' ? null : <span>{shownBy}</span>}
      {assurance === null ? null : <span>{texts.value.assurance[assurance]}</span>}
    </p>
  )
}

function Before({ verdict: { before } }: { readonly verdict: GateVerdict }) {
  if (before === null) return null
  const when = whenText(before.at, now(), language.value)
  return (
    <p class="verdict-before" data-testid="verdict-before">
      {texts.value.enteredBefore(when, before.gate, before.lane)}
    </p>
  )
}

/** What the lane asks to compare with the person; on the screen only, for as long as the verdict. */
function Identity({ verdict: { identity } }: { readonly verdict: GateVerdict }) {
  if (identity === undefined) return null
  const { lookAt, notKept } = texts.value
  return (
    <section class="verdict-identity" data-testid="verdict-identity">
      <h2>{lookAt}</h2>
      <dl>
        {leavesOf(identity, []).map(([path, value]) => (
          <div key={path.join('.')}>
            <dt>{labelOf(path)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>{notKept}</p>
    </section>
  )
}

type Leaf = readonly [path: readonly string[], value: string]

function leavesOf(value: JsonObject, parents: readonly string[]): readonly Leaf[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const path = [...parents, name]
    return isObject(member) ? leavesOf(member, path) : [[path, valueText(member)] as const]
  })
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueText(value: JsonValue): string {
  const { yes, no } = texts.value
  if (typeof value === 'boolean') return value ? yes : no
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function labelOf(path: readonly string[]): string {
  for (const { claims } of certificateTypes.values()) {
    const rule = claims.find((it) => it.path.join('.') === path.join('.'))
    if (rule !== undefined) return rule.label[language.value]
  }
  return path.join('.')
}

function usePaintedMark(frame: number | null): void {
  useEffect(() => {
    // The second frame begins when the first was painted.
    const painted = () =>
      requestAnimationFrame(() => mark('gate:verdict', { takenAt: frame }, elapsed()))
    const asked = requestAnimationFrame(painted)
    return () => cancelAnimationFrame(asked)
  }, [])
}

function useDismissKey(desk: GateDesk): void {
  useEffect(() => {
    const press = ({ key }: KeyboardEvent) => key === 'Escape' && desk.dismiss()
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [desk])
}
