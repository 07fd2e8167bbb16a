import './history.css'
import { type Signal, useSignal } from '@preact/signals'
import { Choice } from '../design/choice.js'
import { Empty, Failed, Working } from '../design/states.js'
import { changed, type Ground } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { type Loaded, useLoaded } from '../shell/use-loaded.js'
import { historyTexts } from '../texts/history.js'
import { inLanguage } from '../texts/language.js'
import { GreedyRequests } from './greedy-requests.js'
import { type HistorySource, readHistory } from './history-source.js'
import { Keeping } from './keeping.js'
import { KnowledgePicture } from './knowledge-picture.js'
import { Parties } from './parties.js'
import { RefusedKeeping } from './refused-keeping.js'
import { TimelineView } from './timeline-view.js'
import { whoKnows } from './who-knows.js'

type Order = 'time' | 'party'

/** Who learned what, and what can be done about it. */
export function HistoryScreen({ ground }: ScreenProps) {
  const text = inLanguage(historyTexts)
  const read = useLoaded(ground, () => readHistory(ground.opened.wallet))
  return (
    <div class="history" data-testid="history" data-state={read.state}>
      <h1>{text.title}</h1>
      {read.state === 'loading' ? <Working>{text.loading}</Working> : null}
      {read.state === 'failed' ? (
        <Failed error={read.error} onAgain={() => changed(ground)} />
      ) : null}
      {read.state === 'there' ? <Told ground={ground} source={read.value} /> : null}
      {hasLines(read) ? <Keeping ground={ground} /> : null}
    </div>
  )
}

/** One that cannot be read has lines, too: to be checked and kept. */
function hasLines(read: Loaded<HistorySource>): boolean {
  if (read.state !== 'there') return read.state === 'failed'
  const { disclosures, deletions, sent } = read.value
  return disclosures.length + deletions.length + sent.length > 0
}

function Told({ ground, source }: { readonly ground: Ground; readonly source: HistorySource }) {
  const text = inLanguage(historyTexts)
  const order = useSignal<Order>('time')
  const { disclosures, deletions, reportable, refused } = source
  const parties = whoKnows(disclosures, deletions, ground.clock())
  return (
    <>
      <GreedyRequests ground={ground} requests={reportable} />
      {disclosures.length === 0 ? (
        <Empty testId="history-empty" title={text.emptyTitle} lead={text.emptyLead} />
      ) : (
        <>
          <KnowledgePicture parties={parties} onParty={() => (order.value = 'party')} />
          <OrderChoice order={order} />
        </>
      )}
      {order.value === 'time' ? (
        <TimelineView source={source} now={ground.clock()} />
      ) : (
        <Parties ground={ground} parties={parties} platforms={source.platforms} />
      )}
      {refused.length === 0 ? null : <RefusedKeeping ground={ground} />}
    </>
  )
}

function OrderChoice({ order }: { readonly order: Signal<Order> }) {
  const text = inLanguage(historyTexts)
  return (
    <Choice
      testId="history-order"
      label={text.order}
      value={order.value}
      options={[
        ['time', text.orders.time],
        ['party', text.orders.party],
      ]}
      onChoose={(chosen) => (order.value = chosen)}
    />
  )
}
