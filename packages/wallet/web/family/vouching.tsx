import { Button, Facts, Notice } from '../design/controls.js'
import { Failed, Working } from '../design/states.js'
import { type Ground, say } from '../shell/ground.js'
import { saveFile } from '../shell/saved-file.js'
import { issuerWord } from '../safety/issuer-word.js'
import { familyTexts } from '../texts/family.js'
import { inLanguage } from '../texts/language.js'
import { grouped } from '../texts/spoken-dates.js'
import type { VouchStage } from './vouch-talk.js'

type Props = {
  readonly ground: Ground
  readonly stage: VouchStage
  readonly onClose: () => void
}

/** From a link to a signed word, to be handed over. */
export function Vouching({ ground, stage, onClose }: Props) {
  const { ask } = inLanguage(familyTexts)
  switch (stage.name) {
    case 'working':
      return (
        <Working testId="vouching">{stage.step === 'reading' ? ask.reading : ask.signing}</Working>
      )
    case 'asked':
      return <Question ground={ground} stage={stage} onClose={onClose} />
    case 'done':
      return <Signed stage={stage} onClose={onClose} />
    case 'failed':
      return (
        <>
          <h1>{ask.failedTitle}</h1>
          <Failed error={stage.error} />
          <Button testId="vouch-close" onPress={onClose}>
            {ask.home}
          </Button>
        </>
      )
  }
}

function Question(props: Omit<Props, 'stage'> & { stage: Extract<VouchStage, { name: 'asked' }> }) {
  const { ask } = inLanguage(familyTexts)
  const { ground, stage, onClose } = props
  const { kind, issuer, subject } = stage.question
  return (
    <div data-testid="vouch-question" data-kind={kind}>
      <h1>{ask.titles[kind]}</h1>
      <p class="lead">{ask.leads[kind]}</p>
      <div class="panel">
        <Facts
          rows={[
            [ask.issuer, issuerWord(ground, issuer)],
            [ask.subject, referenceWord(subject)],
          ]}
        />
      </div>
      <Notice kind="warn">{ask.compare}</Notice>
      <p class="hint">{ask.leaves}</p>
      <div class="actions">
        <Button testId="vouch-yes" look="main" settles onPress={() => stage.answer(true)}>
          {ask.yes[kind]}
        </Button>
        <Button testId="vouch-no" onPress={onClose}>
          {ask.no}
        </Button>
      </div>
    </div>
  )
}

/** In groups, as it is read out on the telephone; with the letter that says what it is of. */
function referenceWord(subject: string): string {
  const [kind = '', rest = ''] = subject.split('_', 2)
  return rest === '' ? subject : `${kind}_ ${grouped(rest)}`
}

function Signed(props: {
  readonly stage: Extract<VouchStage, { name: 'done' }>
  readonly onClose: () => void
}) {
  const { ask } = inLanguage(familyTexts)
  const { kind, presentation } = props.stage
  const copy = () =>
    void navigator.clipboard.writeText(presentation).then(
      () => say(ask.copied),
      () => say(ask.notCopied, 'bad'),
    )
  return (
    <div data-testid="vouched">
      <h1>{ask.doneTitle}</h1>
      <p class="lead">{kind === 'guardian' ? ask.doneLeadGuardian : ask.doneLead}</p>
      <div class="actions">
        <Button
          testId="save-word"
          look="main"
          icon="download"
          onPress={() => saveFile(`word-${kind}.txt`, `${presentation}\n`)}
        >
          {ask.save}
        </Button>
        <Button testId="copy-word" icon="paste" onPress={copy}>
          {ask.copy}
        </Button>
        <Button testId="vouch-close" look="quiet" onPress={props.onClose}>
          {ask.home}
        </Button>
      </div>
    </div>
  )
}
