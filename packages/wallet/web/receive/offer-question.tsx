import type { OfferQuestion } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Button, Facts, Field, Notice } from '../design/controls.js'
import { configurationName } from '../home/home-news.js'
import { inLanguage, language } from '../texts/language.js'
import { receiveTexts } from '../texts/receive.js'
import type { Answer } from './offer-talk.js'

type Props = {
  readonly question: OfferQuestion
  /** Whether it is about the issuer that this page is for. */
  readonly isOwnIssuer: boolean
  /** The name of that issuer. */
  readonly ownName: string
  readonly onAnswer: Answer
}

/** What the citizen is asked before anything leaves. */
export function OfferQuestionView(props: Props) {
  return props.question.kind === 'contact' ? (
    <Contact {...props} question={props.question} />
  ) : (
    <Receive {...props} question={props.question} />
  )
}

function Contact(
  props: Props & { readonly question: Extract<OfferQuestion, { kind: 'contact' }> },
) {
  const text = inLanguage(receiveTexts)
  const { question, onAnswer } = props
  return (
    <section class="panel" data-testid="question" data-kind="contact">
      <h2>{text.contactTitle(question.host)}</h2>
      <p class="lead">{text.contactWhy[question.why]}</p>
      <Trusted isOwnIssuer={props.isOwnIssuer} />
      <YesNo yes={text.contactYes} onAnswer={onAnswer} />
    </section>
  )
}

function nameOf({ name, configurationId }: Offered): string {
  return name[language.value] ?? configurationName(configurationId)
}

type Offered = Extract<OfferQuestion, { kind: 'receive' }>['certificates'][number]

function Receive(
  props: Props & { readonly question: Extract<OfferQuestion, { kind: 'receive' }> },
) {
  const text = inLanguage(receiveTexts)
  const { question, onAnswer } = props
  const code = useSignal('')
  const needsCode = question.needs === 'transaction code'
  const names = question.certificates.map(nameOf)
  const { host } = new URL(question.issuer)
  const rows = [
    [text.issuer, props.isOwnIssuer ? `${props.ownName} · ${host}` : host],
    [text.certificates, names.join(text.comma)],
  ] as const
  return (
    <section class="panel" data-testid="question" data-kind="receive" data-needs={question.needs}>
      <h2>{text.receiveTitle}</h2>
      <Facts rows={rows} />
      <Trusted isOwnIssuer={props.isOwnIssuer} />
      {question.needs === 'sign-in' ? <p class="lead">{text.signInFirst}</p> : null}
      {needsCode ? (
        <Field
          testId="tx-code"
          label={text.code}
          hint={question.transactionCode?.description ?? text.codeHint}
          kind={question.transactionCode?.input_mode === 'text' ? 'line' : 'code'}
          focused
          value={code.value}
          onChange={(value) => (code.value = value)}
        />
      ) : null}
      <YesNo
        yes={question.needs === 'sign-in' ? text.signInYes : text.receiveYes}
        isReady={!needsCode || code.value.trim() !== ''}
        onAnswer={(agreed) => onAnswer(agreed, code.value)}
      />
    </section>
  )
}

/** Whether this is the issuer whose certificates this wallet was made for. */
function Trusted({ isOwnIssuer }: { readonly isOwnIssuer: boolean }) {
  const text = inLanguage(receiveTexts)
  return (
    <Notice kind={isOwnIssuer ? 'good' : 'warn'} testId="trusted" code={String(isOwnIssuer)}>
      {isOwnIssuer ? text.ownIssuer : text.otherIssuer}
    </Notice>
  )
}

function YesNo(props: {
  readonly yes: string
  readonly isReady?: boolean
  readonly onAnswer: (agreed: boolean) => void
}) {
  const text = inLanguage(receiveTexts)
  return (
    <div class="actions">
      <Button
        testId="yes"
        settles
        look="main"
        disabled={props.isReady === false}
        onPress={() => props.onAnswer(true)}
      >
        {props.yes}
      </Button>
      <Button testId="no" onPress={() => props.onAnswer(false)}>
        {text.no}
      </Button>
    </div>
  )
}
