import type { CancellationQuestion } from '@netcert/wallet/rules'
import { typeName } from '../certificates/type-name.js'
import { Button, Facts, Notice, Section } from '../design/controls.js'
import { Row, Rows } from '../design/rows.js'
import { SureButton } from '../design/sheet.js'
import type { Ground } from '../shell/ground.js'
import { go } from '../shell/place.js'
import { inLanguage, language } from '../texts/language.js'
import { leavingTexts } from '../texts/leaving.js'
import { endingTypes } from './ending-types.js'
import { issuerWord } from './issuer-word.js'
import { Means } from './part-page.js'

type Props = {
  readonly ground: Ground
  readonly question: CancellationQuestion
  readonly onYes: () => void
  readonly onNo: () => void
}

/** What ends, who still knows the citizen, what it means; and the one word. */
export function CancelQuestion({ ground, question, onYes, onNo }: Props) {
  const { cancel } = inLanguage(leavingTexts)
  const { address, certificates, platforms } = question
  return (
    <div data-testid="cancel-question">
      <div class="panel">
        <Facts
          rows={[
            [cancel.at, issuerWord(ground, address)],
            [cancel.sentTo, new URL(address).host],
          ]}
        />
      </div>
      <Section title={cancel.ends}>
        <Rows testId="ending">
          {endingTypes(certificates).map(({ vct, copies }) => (
            <Row key={vct} icon="card" title={typeName(vct)} end={cancel.copies(copies)} />
          ))}
        </Rows>
      </Section>
      <Section title={cancel.meansTitle}>
        <Means words={cancel.means} />
      </Section>
      {platforms.length === 0 ? null : <StillKnown platforms={platforms} />}
      <Answers onYes={onYes} onNo={onNo} />
    </div>
  )
}

function Answers({ onYes, onNo }: Pick<Props, 'onYes' | 'onNo'>) {
  const { cancel } = inLanguage(leavingTexts)
  return (
    <div class="actions">
      <SureButton
        testId="cancel-now"
        label={cancel.yes}
        title={cancel.sureTitle}
        lead={cancel.sureLead}
        yes={cancel.yes}
        no={cancel.no}
        onYes={onYes}
      />
      <Button testId="cancel-no" onPress={onNo}>
        {cancel.no}
      </Button>
    </div>
  )
}

function StillKnown({ platforms }: Pick<CancellationQuestion, 'platforms'>) {
  const { cancel, comma } = inLanguage(leavingTexts)
  const names = platforms.map(({ name, platformId }) => name?.[language.value] ?? platformId)
  return (
    <Section title={cancel.platforms}>
      <Notice kind="warn" testId="still-known">
        <p>
          <strong>{[...new Set(names)].join(comma)}</strong>
        </p>
        <p>{cancel.platformsLead}</p>
      </Notice>
      <Button testId="to-history" icon="history" onPress={() => go('history')}>
        {cancel.toHistory}
      </Button>
    </Section>
  )
}
