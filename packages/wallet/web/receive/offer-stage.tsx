import type { ReceivedOffer } from '@netcert/wallet/rules'
import { useEffect } from 'preact/hooks'
import { configurationName } from '../home/home-news.js'
import { HeldCardView } from '../home/home-screen.js'
import { heldCards } from '../home/held-cards.js'
import { Button, Notice } from '../design/controls.js'
import { Failed, Working } from '../design/states.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import type { Ground, PageSettings } from '../shell/ground.js'
import { go } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { receiveTexts } from '../texts/receive.js'
import { timeWord } from '../texts/spoken-dates.js'
import { typeName } from '../certificates/type-name.js'
import { OfferQuestionView } from './offer-question.js'
import type { OfferStage } from './offer-talk.js'

/** One stage of the way from an offer to a certificate. */
export function OfferStageView(props: {
  readonly stage: OfferStage
  readonly ground: Ground
  readonly onAgain: () => void
}) {
  const { stage, ground, onAgain } = props
  const { settings } = ground
  switch (stage.name) {
    case 'asked':
      return (
        <OfferQuestionView
          question={stage.question}
          onAnswer={stage.answer}
          ownName={inLanguage(settings.issuer.name)}
          isOwnIssuer={isAboutOwn(stage.question, settings)}
        />
      )
    case 'working':
      return <Underway {...stage} />
    case 'signing-in':
      return <SignIn url={stage.url} />
    case 'done':
      return <Done {...stage} ground={ground} />
    case 'failed':
      return (
        <>
          <Failed error={stage.error} onAgain={onAgain} />
          {stage.wasFetching && isBroken(stage) ? <NothingKept /> : null}
        </>
      )
  }
}

/** Whether it ended because nobody was reached, or not until the end. */
export function isBroken(stage: OfferStage | undefined): boolean {
  if (stage?.name !== 'failed') return false
  return /^fetch_(failed|timeout)$/.test(refusalSentence(stage.error).code)
}

function Underway({ step }: Extract<OfferStage, { name: 'working' }>) {
  const text = inLanguage(receiveTexts)
  return (
    <p class="working" role="status" data-testid="working" data-step={step}>
      {step === 'reading' ? text.reading : text.fetching}
    </p>
  )
}

function NothingKept() {
  return (
    <p class="hint" data-testid="nothing-kept">
      {inLanguage(receiveTexts).nothingKept}
    </p>
  )
}

/** The browser goes to the issuer's own page; it comes back to this one. */
function SignIn({ url }: { readonly url: string }) {
  useEffect(() => location.assign(url), [url])
  return <Working>{inLanguage(receiveTexts).signingIn}</Working>
}

function Done({
  received,
  ground,
}: Extract<OfferStage, { name: 'done' }> & { readonly ground: Ground }) {
  const text = inLanguage(receiveTexts)
  const { certificates, deferred, failed } = received
  return (
    <div data-testid="received">
      {certificates.length === 0 ? null : (
        <Notice kind="good" testId="received-good">
          <p>{text.received}</p>
          <ul>
            {certificates.map(({ id, vct, kind, copies }) => (
              <li key={id}>{text.copies[kind](typeName(vct), copies)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Arrived ground={ground} certificates={certificates} />
      {deferred.map(({ configurationId, retryAt }) => (
        <Notice key={configurationId} testId="deferred">
          {text.deferred(timeWord(retryAt))}
        </Notice>
      ))}
      {failed.map(({ configurationId, code }) => (
        <Notice key={configurationId} kind="warn" testId="not-received" code={code}>
          {text.notReceived(configurationName(configurationId), code)}
        </Notice>
      ))}
      <div class="actions">
        <Button testId="received-home" look="main" onPress={() => go('home')}>
          {text.home}
        </Button>
      </div>
    </div>
  )
}

function Arrived(props: {
  readonly ground: Ground
  readonly certificates: ReceivedOffer['certificates']
}) {
  return (
    <ul class="cards arriving">
      {heldCards(props.certificates).map((card) => (
        <li key={card.id}>
          <HeldCardView ground={props.ground} card={card} />
        </li>
      ))}
    </ul>
  )
}

/**
 * Whether a question is about the issuer this wallet was made for. Several issuers may live behind one
 * host: before a certificate is taken its whole identifier counts, and at first contact the host, for
 * nothing else is known by then.
 */
function isAboutOwn(question: Question, { issuer }: PageSettings): boolean {
  if (question.kind === 'contact') return question.host === new URL(issuer.baseUrl).host
  return withoutSlash(question.issuer) === withoutSlash(issuer.baseUrl)
}

type Question = Extract<OfferStage, { name: 'asked' }>['question']

const withoutSlash = (url: string): string => url.replace(/\/$/, '')
