import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, Section } from '../design/controls.js'
import { Failed, Working } from '../design/states.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { changed, type Ground } from '../shell/ground.js'
import { useLeftAct, type Word } from '../shell/left-act.js'
import { go } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage } from '../texts/language.js'
import { leavingTexts } from '../texts/leaving.js'
import { safetyTexts } from '../texts/safety.js'
import { beginCancelling, type CancelStage, type CancelTalk, isSending } from './cancel-talk.js'
import { CancelQuestion } from './cancel-question.js'
import { EraseButton } from './erase-part.js'
import { issuerWord } from './issuer-word.js'
import { PartPage } from './part-page.js'
import { ReceiptView } from './receipt-view.js'

/** Leaving an issuer: what it means, the one word, and the receipt. */
export function CancelPart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { cancel } = inLanguage(leavingTexts)
  const chosen = useSignal<string | null>(null)
  const isDone = useSignal(false)
  const issuers = useLoaded(ground, () => ownIssuers(ground))
  const { value: issuer } = chosen
  if (isDone.value || issuer !== null || (issuers.state === 'there' && issuers.value.length < 2)) {
    return <Cancelling ground={ground} issuer={issuer} onDone={() => (isDone.value = true)} />
  }
  return (
    <PartPage testId="cancel" title={text.parts.cancel} lead={cancel.lead}>
      {issuers.state === 'loading' ? <Working>{cancel.reading}</Working> : null}
      {issuers.state === 'failed' ? (
        <Failed error={issuers.error} onAgain={() => changed(ground)} />
      ) : null}
      {issuers.state === 'there' ? (
        <Section title={cancel.whichTitle}>
          <div class="actions">
            {issuers.value.map((name) => (
              <Button key={name} testId="cancel-at" onPress={() => (chosen.value = name)}>
                {issuerWord(ground, name)}
              </Button>
            ))}
          </div>
        </Section>
      ) : null}
    </PartPage>
  )
}

/** Issuers of which there is a network certificate of the citizen's own. */
async function ownIssuers({ opened }: Ground): Promise<readonly string[]> {
  const own = (await opened.wallet.list()).filter(
    ({ vct, ward }) => vct === NETWORK_CERTIFICATE && ward === null,
  )
  return [...new Set(own.map(({ issuer }) => issuer))]
}

function Cancelling(props: {
  readonly ground: Ground
  readonly issuer: string | null
  readonly onDone: () => void
}) {
  const { ground, issuer, onDone } = props
  const text = inLanguage(safetyTexts)
  const { cancel } = inLanguage(leavingTexts)
  const talk = useSignal<CancelTalk | null>(null)
  const begin = () => {
    talk.value = beginCancelling(ground.opened.wallet, issuer)
  }
  // Before the question is left below, which is a no and not told.
  useLeftAct(ground, () => talk.value?.stage ?? null, { isUnderWay: isSending, wordOf })
  useEffect(() => {
    begin()
    return () => talk.value?.leave()
  }, [])
  const stage: CancelStage = talk.value?.stage.value ?? { name: 'working', step: 'reading' }
  useEffect(() => {
    if (stage.name !== 'done') return
    onDone()
    changed(ground)
  }, [stage.name])
  if (stage.name === 'done') return <Cancelled ground={ground} stage={stage} />
  return (
    <PartPage testId="cancel" title={text.parts.cancel} lead={cancel.lead}>
      <Underway ground={ground} stage={stage} onAgain={begin} />
    </PartPage>
  )
}

function wordOf(stage: CancelStage): Word | null {
  if (stage.name === 'failed') return { text: refusalSentence(stage.error).text, kind: 'bad' }
  const { cancel } = inLanguage(leavingTexts)
  return stage.name === 'done' ? { text: cancel.doneTitle, kind: 'good' } : null
}

function Underway(props: {
  readonly ground: Ground
  readonly stage: Exclude<CancelStage, { name: 'done' }>
  readonly onAgain: () => void
}) {
  const { cancel } = inLanguage(leavingTexts)
  const { ground, stage, onAgain } = props
  switch (stage.name) {
    case 'working':
      return (
        <Working testId="cancelling">
          {stage.step === 'reading' ? cancel.reading : cancel.sending}
        </Working>
      )
    case 'asked':
      return (
        <CancelQuestion
          ground={ground}
          question={stage.question}
          onYes={() => stage.answer(true)}
          onNo={() => go('safety')}
        />
      )
    case 'failed':
      return <Failed error={stage.error} onAgain={onAgain} />
  }
}

function Cancelled(props: {
  readonly ground: Ground
  readonly stage: Extract<CancelStage, { name: 'done' }>
}) {
  const { ground, stage } = props
  const { cancel } = inLanguage(leavingTexts)
  return (
    <PartPage testId="cancelled" title={cancel.doneTitle} lead={cancel.doneLead}>
      <ReceiptView ground={ground} receipt={stage.receipt} address={stage.address} />
      <Section title={cancel.eraseTitle} lead={cancel.eraseLead}>
        <div class="actions">
          <EraseButton ground={ground} />
        </div>
      </Section>
    </PartPage>
  )
}
