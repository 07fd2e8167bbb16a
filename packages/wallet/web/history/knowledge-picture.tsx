import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { Button } from '../design/controls.js'
import { historyTexts } from '../texts/history.js'
import { inLanguage, language } from '../texts/language.js'
import { numberWord } from '../texts/spoken-times.js'
import { type ChartLink, knowledgeChart, linkPath, linkWidth } from './knowledge-chart.js'
import { partyName } from './party-words.js'
import type { KnownClaim, Party } from './who-knows.js'

/** So many are drawn at first: more is a tangle on a phone. */
const MOST = 8
/** Height of a row, in the letters of the page. */
const ROW_REM = 4

/** What the lines of are brought out: all, one party's, or those to one thing. */
type Chosen = { readonly side: 'party' | 'claim'; readonly at: number } | null

type Props = {
  readonly parties: readonly Party[]
  /** Somebody wants to know more of one of them. */
  readonly onParty: () => void
}

/** Who knows what, as a picture: everybody on one side, what they got on the other. */
export function KnowledgePicture({ parties, onParty }: Props) {
  const text = inLanguage(historyTexts)
  const isWhole = useSignal(false)
  const known = parties.filter(({ claims }) => claims.length > 0)
  if (known.length === 0) return null
  const drawn = isWhole.value ? known : known.slice(0, MOST)
  return (
    <section class="section" data-testid="who-knows">
      <h2>{text.chartTitle}</h2>
      <Summary parties={known} />
      <Columns key={drawn.length} parties={drawn} onParty={onParty} />
      <Alternative parties={known} />
      {known.length <= MOST ? null : (
        <Button testId="whole-chart" look="quiet" onPress={() => (isWhole.value = !isWhole.value)}>
          {isWhole.value ? text.showLess : text.showAll}
        </Button>
      )}
    </section>
  )
}

/** What matters most, in a sentence. */
function Summary({ parties }: Pick<Props, 'parties'>) {
  const text = inLanguage(historyTexts)
  const withClass = (kind: ChartLink['kind'], isMeant: (known: KnownClaim) => boolean) =>
    parties.filter(({ claims }) => claims.some((it) => it.claim.class === kind && isMeant(it)))
      .length
  const isKept = ({ state }: KnownClaim) => state === 'kept'
  const things = new Set(parties.flatMap(({ claims }) => claims.map(({ key }) => key))).size
  const [named, numbered] = [withClass('identity', isKept), withClass('number', isKept)]
  const everNamed = withClass('identity', () => true)
  return (
    <p class="lead" data-testid="who-knows-summary" data-named={named} data-numbered={numbered}>
      {text.chartSome(numberWord(parties.length), numberWord(things))}
      {numbered === 0 ? null : text.numberBy(numberWord(numbered))}
      {named > 0 ? text.namedBy(numberWord(named)) : null}
      {named === 0 && everNamed > 0 ? text.namedOnce(numberWord(everNamed)) : null}
      {everNamed === 0 ? text.nobodyNamed : null}
    </p>
  )
}

function Columns({ parties, onParty }: Props) {
  const chosen = useSignal<Chosen>(null)
  const chart = knowledgeChart(parties)
  const rows = Math.max(chart.parties.length, chart.claims.length)
  const choose = (side: 'party' | 'claim', at: number) => {
    const { value } = chosen
    chosen.value = value?.side === side && value.at === at ? null : { side, at }
    if (side === 'party' && chosen.value !== null) onParty()
  }
  return (
    <figure class="knowledge">
      <div class="knowledge-columns" style={{ height: `${rows * ROW_REM}rem` }}>
        <Labels
          side="party"
          words={chart.parties.map(partyName)}
          {...{ chosen: chosen.value, onChoose: choose }}
        />
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {chart.links.map((link) => (
            <path
              key={`${link.party} ${link.claim}`}
              class={`knowledge-link ${link.kind} ${link.state}`}
              data-chosen={chosen.value === null ? undefined : isChosen(link, chosen.value)}
              d={linkPath(link, { parties: chart.parties.length, claims: chart.claims.length })}
              stroke-width={linkWidth(link.times)}
            />
          ))}
        </svg>
        <Labels
          side="claim"
          words={chart.claims.map(({ claim }) => claim.label[language.value])}
          kinds={chart.claims.map(({ claim }) => claim.class)}
          {...{ chosen: chosen.value, onChoose: choose }}
        />
      </div>
      <Legend links={chart.links} />
    </figure>
  )
}

function Legend({ links }: { readonly links: readonly ChartLink[] }) {
  const text = inLanguage(historyTexts)
  const kinds = new Set(links.map(({ kind }) => kind))
  const isFaded = links.some(({ state }) => state !== 'kept')
  return (
    <figcaption class="knowledge-legend">
      {(['identity', 'number', 'fact'] as const).map((kind) =>
        kinds.has(kind) ? (
          <span key={kind} class={kind}>
            {text.classes[kind]}
          </span>
        ) : null,
      )}
      {isFaded ? <span class="faded">{text.faded}</span> : null}
    </figcaption>
  )
}

function isChosen(link: ChartLink, { side, at }: NonNullable<Chosen>): boolean {
  return link[side] === at
}

function Labels(props: {
  readonly side: 'party' | 'claim'
  readonly words: readonly string[]
  readonly kinds?: readonly ChartLink['kind'][]
  readonly chosen: Chosen
  readonly onChoose: (side: 'party' | 'claim', at: number) => void
}): JSX.Element {
  const { side, words, kinds, chosen, onChoose } = props
  return (
    <ul class={`knowledge-labels ${side}`}>
      {words.map((word, at) => (
        <li key={`${at} ${word}`}>
          <button
            type="button"
            class={kinds?.[at]}
            data-testid={`chart-${side}`}
            aria-pressed={chosen?.side === side && chosen.at === at}
            onClick={() => onChoose(side, at)}
          >
            <span>{word}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The picture in words, for whoever listens. */
function Alternative({ parties }: Pick<Props, 'parties'>) {
  const text = inLanguage(historyTexts)
  return (
    <ul class="unseen" data-testid="who-knows-words">
      {parties.map((party) => (
        <li key={party.key}>
          {text.partyKnows(
            partyName(party),
            party.claims
              .map(({ claim, times, state }) => {
                const label = claim.label[language.value]
                const often = times > 1 ? text.claimTimes(label, numberWord(times)) : label
                return `${often}${text.states[state]}`
              })
              .join(text.comma),
          )}
        </li>
      ))}
    </ul>
  )
}
