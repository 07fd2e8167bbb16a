import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, Field } from '../design/controls.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { changed, type Ground } from '../shell/ground.js'
import { useLeftAct, type Word } from '../shell/left-act.js'
import type { ScreenProps } from '../shell/opened.js'
import { go, goInstead } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { receiveTexts } from '../texts/receive.js'
import { finishSignIn, isFetching, type OfferStage, takeUpOffer } from './offer-talk.js'
import { isBroken, OfferStageView } from './offer-stage.js'

/** From an offer to a certificate: scanned, pasted, followed as a link, or come back to from a sign-in. */
export function ReceiveScreen({ ground, parameters }: ScreenProps) {
  const talk = useSignal<Signal<OfferStage> | null>(null)
  const { offer, redirect } = parameters
  const { wallet } = ground.opened
  const taken = useSignal<string | null>(null)
  const take = (given: string) => {
    taken.value = given
    talk.value = takeUpOffer(wallet, given)
  }
  useLeftAct(ground, () => talk.value, { isUnderWay: isFetching, wordOf })
  useEffect(() => {
    if (redirect !== undefined) talk.value = finishSignIn(wallet, redirect)
    else if (offer !== undefined) take(offer)
    // The offer is used once: going back, or opening the page again, does not take it up again.
    if (redirect !== undefined || offer !== undefined) goInstead('receive')
  }, [offer, redirect])
  const again = () => {
    const { value: given } = taken
    // What is no offer stays none; where nobody was reached, the same one is worth another try.
    if (given !== null && isBroken(talk.value?.value)) take(given)
    else talk.value = null
  }
  const text = inLanguage(receiveTexts)
  const { value } = talk
  return (
    <>
      <h1>{text.title}</h1>
      {value === null ? (
        <OfferEntry onOffer={take} />
      ) : (
        <Talk ground={ground} stage={value.value} onAgain={again} />
      )}
    </>
  )
}

function wordOf(stage: OfferStage): Word | null {
  if (stage.name === 'failed') return { text: refusalSentence(stage.error).text, kind: 'bad' }
  const isThere = stage.name === 'done' && stage.received.certificates.length > 0
  return isThere ? { text: inLanguage(receiveTexts).received, kind: 'good' } : null
}

function Talk(props: {
  readonly ground: Ground
  readonly stage: OfferStage
  readonly onAgain: () => void
}) {
  const { ground, stage, onAgain } = props
  useEffect(() => {
    if (stage.name !== 'done') return
    changed(ground)
    // Whose lists count for what came: copied now, so that it can be shown where there is no network.
    void ground.opened.copies.refresh().catch(() => undefined)
  }, [stage.name])
  return <OfferStageView stage={stage} ground={ground} onAgain={onAgain} />
}

/** Where an offer comes in. */
function OfferEntry({ onOffer }: { readonly onOffer: (offer: string) => void }) {
  const text = inLanguage(receiveTexts)
  const typed = useSignal('')
  const submit = (event: Event) => {
    event.preventDefault()
    onOffer(typed.value.trim())
  }
  return (
    <>
      <p class="lead">{text.lead}</p>
      <div class="actions">
        <Button testId="scan-offer" look="main" icon="scan" onPress={() => go('scan')}>
          {text.scan}
        </Button>
      </div>
      <form class="panel" onSubmit={submit}>
        <Field
          testId="offer-text"
          label={text.pasteLabel}
          hint={text.pasteHint}
          kind="text"
          value={typed.value}
          onChange={(value) => (typed.value = value)}
        />
        <div class="actions">
          <Button testId="take-offer" submits disabled={typed.value.trim() === ''}>
            {text.go}
          </Button>
        </div>
      </form>
    </>
  )
}
