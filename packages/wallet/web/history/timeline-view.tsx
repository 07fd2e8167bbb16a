import {
  type ClaimName,
  claimName,
  type Disclosure,
  type RefusedRequest,
} from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Button, Facts } from '../design/controls.js'
import { Icon, type IconName } from '../design/icon.js'
import { codeSentence } from '../errors/refusal-sentence.js'
import { historyTexts } from '../texts/history.js'
import { childWord } from '../family/child-word.js'
import { inLanguage, language } from '../texts/language.js'
import { minuteWord, numberWord, weekdayWord } from '../texts/spoken-times.js'
import type { HistorySource } from './history-source.js'
import { deletionWord, partyName, receiptWord, untilWord } from './party-words.js'
import { historyDays, type HistoryEvent, historyEvents } from './timeline.js'

const STEP = 25

type Props = {
  readonly source: Pick<HistorySource, 'disclosures' | 'deletions' | 'sent' | 'refused'>
  readonly now: Date
}

/** What happened, day by day, newest first. */
export function TimelineView({ source, now }: Props) {
  const text = inLanguage(historyTexts)
  const shown = useSignal(STEP)
  const events = historyEvents(source)
  const left = events.length - shown.value
  return (
    <div data-testid="timeline">
      {historyDays(events.slice(0, shown.value)).map(({ day, events: ofDay }) => (
        <section key={day.toDateString()} class="history-day">
          <h2>{weekdayWord(day)}</h2>
          <ol class="history-events">
            {ofDay.map((event) => (
              <Event key={idOf(event)} event={event} now={now} />
            ))}
          </ol>
        </section>
      ))}
      {left <= 0 ? null : (
        <Button testId="more-events" onPress={() => (shown.value += STEP)}>
          {text.more(numberWord(Math.min(left, STEP)))}
        </Button>
      )}
    </div>
  )
}

function idOf(event: HistoryEvent): string {
  if (event.kind === 'disclosure') return event.disclosure.id
  if (event.kind === 'refused') return event.request.id
  return event.kind === 'deletion' ? event.deletion.id : `${event.report.id} ${event.at.getTime()}`
}

function Event({ event, now }: { readonly event: HistoryEvent; readonly now: Date }) {
  const text = inLanguage(historyTexts)
  if (event.kind === 'disclosure') return <Shown disclosure={event.disclosure} now={now} />
  if (event.kind === 'refused') return <Refused request={event.request} />
  if (event.kind === 'report') {
    const { name } = event.report
    return (
      <Line icon="flag" at={event.at} title={text.reported(name[language.value])} kind="report" />
    )
  }
  const { deletion } = event
  const { name, ward, reason, isLate } = deletion
  const who =
    ward === null
      ? name[language.value]
      : text.forChild(name[language.value], childWord(ward.label))
  return (
    <Line icon="erase" at={event.at} title={text.asked(who)} kind="deletion">
      <p data-testid="deletion-state" data-state={deletion.state}>
        {deletionWord(deletion)}
      </p>
      {reason === null ? null : <p class="hint">{text.reason(reason[language.value])}</p>}
      {isLate ? <p class="history-late">{text.late}</p> : null}
    </Line>
  )
}

function Shown({ disclosure, now }: { readonly disclosure: Disclosure; readonly now: Date }) {
  const text = inLanguage(historyTexts)
  const { vct, claims, platform, disclosedAt, receipt } = disclosure
  const names = claims.map((path) => claimName(vct, path)).filter((it) => it.class !== 'technical')
  const rows = [
    ...(platform === null ? [] : [[text.purpose, platform.purpose[language.value]] as const]),
    [text.until, untilWord(platform, disclosedAt, now)] as const,
    [text.receipt, receiptWord({ receipt, platform })] as const,
  ]
  return (
    <Line
      icon={platform === null ? 'warning' : receipt === null ? 'gate' : 'shop'}
      at={disclosedAt}
      title={partyName(disclosure)}
      kind="disclosure"
      state={receipt ?? 'none'}
    >
      <Claims claims={names} label={text.knows} areGiven />
      <Facts rows={rows} />
    </Line>
  )
}

/** Who asked and got nothing; a name that nobody vouches for is not told, only where it would have gone. */
function Refused({ request }: { readonly request: RefusedRequest }) {
  const text = inLanguage(historyTexts)
  const { platform, host, ward, claims, askedAt, why } = request
  const party = platform === null && host !== null ? host : partyName({ platform, ward })
  const rows = [
    ...(platform === null ? [] : [[text.purpose, platform.purpose[language.value]] as const]),
    [text.why, why === 'citizen' ? text.byCitizen : codeSentence(why).text] as const,
  ]
  return (
    <Line icon="hidden" at={askedAt} title={text.refused(party)} kind="refused">
      {claims.length === 0 ? null : <Claims claims={claims} label={text.askedFor} />}
      <Facts rows={rows} />
    </Line>
  )
}

/** By name; in the colours of what they say where somebody got them. */
function Claims(props: {
  readonly claims: readonly ClaimName[]
  readonly label: string
  readonly areGiven?: boolean
}) {
  return (
    <ul class="history-claims" aria-label={props.label}>
      {props.claims.map(({ path, label, class: kind }) => (
        <li key={path.join('.')} class={props.areGiven === true ? kind : 'asked'}>
          {label[language.value]}
        </li>
      ))}
    </ul>
  )
}

function Line(props: {
  readonly icon: IconName
  readonly at: Date
  readonly title: string
  readonly kind: HistoryEvent['kind']
  readonly state?: string
  readonly children?: ComponentChildren
}) {
  const { icon, at, title, kind, state, children } = props
  return (
    <li class="history-event" data-testid="event" data-kind={kind} data-receipt={state}>
      <span class="history-dot">
        <Icon name={icon} size={18} />
      </span>
      <div>
        <p class="history-head">
          <strong>{title}</strong>
          <time dateTime={at.toISOString()}>{minuteWord(at)}</time>
        </p>
        {children}
      </div>
    </li>
  )
}
