import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, Field } from '../design/controls.js'
import { changed, type Ground } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { go, goInstead } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { receiveTexts } from '../texts/receive.js'
import { finishSignIn, type OfferStage, takeUpOffer } from './offer-talk.js'
import { OfferStageView } from './offer-stage.js'

/** From an offer to a certificate: scanned, pasted, followed as a link, or come back to from a sign-in. */
export function ReceiveScreen({ ground, parameters }: ScreenProps) {
  const talk = useSignal<Signal<OfferStage> | null>(null)
  const { offer, redirect } = parameters
  const { wallet } = ground.opened
  useEffect(() => {
    if (redirect !== undefined) talk.value = finishSignIn(wallet, redirect)
    else if (offer !== undefined) talk.value = takeUpOffer(wallet, offer)
    // The offer is used once: going back, or opening the page again, does not take it up again.
    if (redirect !== undefined || offer !== undefined) goInstead('receive')
  }, [offer, redirect])
  const text = inLanguage(receiveTexts)
  const { value } = talk
  return (
    <>
      <h1>{text.title}</h1>
      {value === null ? (
        <OfferEntry onOffer={(given) => (talk.value = takeUpOffer(wallet, given))} />
      ) : (
        <Talk ground={ground} stage={value.value} onAgain={() => (talk.value = null)} />
      )}
    </>
  )
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
