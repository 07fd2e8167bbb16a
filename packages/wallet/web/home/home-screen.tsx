import { typeName } from '../certificates/type-name.js'
import { pausedWord } from '../certificates/paused-word.js'
import { CertificateCard } from '../design/certificate-card.js'
import { Notice } from '../design/controls.js'
import { Icon } from '../design/icon.js'
import { Empty, Failed, Working } from '../design/states.js'
import { changed, type Ground } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { addressOf } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage } from '../texts/language.js'
import { pauseTexts } from '../texts/pause.js'
import { dayWord } from '../texts/spoken-dates.js'
import { type HeldCard, heldCards } from './held-cards.js'
import { HomeNews } from './home-news.js'
import { PutOffCards } from './put-off-cards.js'

/** The certificates of this wallet. */
export function HomeScreen({ ground }: ScreenProps) {
  const text = inLanguage(homeTexts)
  const list = useLoaded(ground, () => ground.opened.wallet.list())
  const cards = list.state === 'there' ? heldCards(list.value) : []
  const own = cards.filter(({ ward }) => ward === null)
  return (
    <>
      <div class="home-head">
        <h1>{text.title}</h1>
        {own.length === 0 ? null : (
          <a class="button quiet" href={addressOf('receive')} data-testid="go-receive">
            <Icon name="plus" />
            {text.get}
          </a>
        )}
      </div>
      {list.state === 'loading' ? <Working /> : null}
      {list.state === 'failed' ? (
        <Failed error={list.error} onAgain={() => changed(ground)} />
      ) : null}
      {list.state === 'there' ? <HomeNews ground={ground} hasCards={own.length > 0} /> : null}
      <PutOffCards ground={ground} />
      {list.state === 'there' && own.length === 0 ? <NoCards ground={ground} /> : null}
      <PausedCards cards={own} />
      {own.length > 0 ? <Cards ground={ground} cards={own} /> : null}
      {own.length < cards.length ? (
        <p class="hint">
          <a href={addressOf('family')}>{text.children}</a>
        </p>
      ) : null}
    </>
  )
}

/** One sentence for each way and end, however many cards it is about. */
function PausedCards({ cards }: { readonly cards: readonly HeldCard[] }) {
  const { paused: text } = inLanguage(pauseTexts)
  const words = cards.flatMap(({ paused }) => (paused === null ? [] : [pausedWord(paused)]))
  return (
    <>
      {[...new Set(words)].map((word) => (
        <Notice key={word} kind="warn" icon="pause" testId="home-paused">
          {word} <a href={addressOf('safety', { part: 'pause' })}>{text.more}</a>
        </Notice>
      ))}
    </>
  )
}

function NoCards({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(homeTexts)
  const issuer = inLanguage(ground.settings.issuer.name)
  return (
    <Empty testId="no-certificates" title={text.emptyTitle} lead={text.emptyLead(issuer)}>
      <a class="button main" href={addressOf('scan')} data-testid="empty-scan">
        <Icon name="scan" />
        {text.scan}
      </a>
      <a class="button" href={addressOf('receive')} data-testid="empty-receive">
        <Icon name="paste" />
        {text.paste}
      </a>
      <a
        class="button quiet"
        href={addressOf('safety', { part: 'arrive' })}
        data-testid="empty-arrive"
      >
        {text.fromOld}
      </a>
    </Empty>
  )
}

function Cards({
  ground,
  cards,
}: {
  readonly ground: Ground
  readonly cards: readonly HeldCard[]
}) {
  return (
    <ul class="cards" data-testid="certificates">
      {cards.map((card) => (
        <li key={card.id}>
          <HeldCardView
            ground={ground}
            card={card}
            href={addressOf('certificate', { id: card.id })}
          />
        </li>
      ))}
    </ul>
  )
}

/** A card of this wallet, with its own lines. */
export function HeldCardView(props: {
  readonly ground: Ground
  readonly card: HeldCard
  readonly href?: string
}) {
  const { ground, card, href } = props
  const { vct, ward, state, left, copies, expiresAt } = card
  return (
    <CertificateCard
      name={typeName(vct)}
      issuer={inLanguage(ground.settings.issuer.name)}
      hash={ground.opened.cardHash(JSON.stringify([vct, ward]))}
      {...{ state, left, copies }}
      until={inLanguage(homeTexts).until(dayWord(expiresAt))}
      {...(href === undefined ? {} : { href })}
    />
  )
}
