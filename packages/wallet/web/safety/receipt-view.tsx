import { ERASED_TEXTS, type ErasureReceipt, KEPT_TEXTS } from '@netcert/protocol'
import { Button, Facts, Section } from '../design/controls.js'
import { Row, Rows } from '../design/rows.js'
import type { Ground } from '../shell/ground.js'
import { fileDay, saveFile } from '../shell/saved-file.js'
import { inLanguage, language } from '../texts/language.js'
import { leavingTexts } from '../texts/leaving.js'
import { dayWord, timeWord } from '../texts/spoken-dates.js'
import { issuerWord } from './issuer-word.js'

/** A receipt that was verified, and its file. */
export function ReceiptView(props: {
  readonly ground: Ground
  readonly receipt: ErasureReceipt
  /** Of the issuer, where it is known. */
  readonly address: string | null
}) {
  const { receipt: text } = inLanguage(leavingTexts)
  const { erased, kept, erasedAt, issuer, token } = props.receipt
  return (
    <div data-testid="receipt">
      <div class="panel">
        <Facts
          rows={[
            [text.by, issuerWord(props.ground, props.address ?? issuer)],
            [text.at, timeWord(erasedAt)],
          ]}
        />
      </div>
      <Erased erased={erased} />
      <Kept kept={kept} />
      <SaveReceipt token={token} erasedAt={erasedAt} />
      <p class="hint">{text.read}</p>
    </div>
  )
}

function Erased({ erased }: Pick<ErasureReceipt, 'erased'>) {
  const { receipt: text } = inLanguage(leavingTexts)
  return (
    <Section title={text.erased}>
      <Rows testId="erased">
        {erased.filter(isThere).map(({ class: name, count }) => (
          <Row
            key={name}
            icon="check"
            title={ERASED_TEXTS[name][language.value]}
            end={String(count)}
          />
        ))}
      </Rows>
    </Section>
  )
}

function Kept({ kept }: Pick<ErasureReceipt, 'kept'>) {
  const { receipt: text } = inLanguage(leavingTexts)
  return (
    <Section title={text.kept}>
      <Rows testId="kept">
        {kept.filter(isThere).map(({ class: name, count, until }) => (
          <Row
            key={name}
            title={KEPT_TEXTS[name][language.value]}
            note={until === null ? text.forGood : text.until(dayWord(until))}
            end={String(count)}
          />
        ))}
      </Rows>
    </Section>
  )
}

const isThere = ({ count }: { readonly count: number }) => count > 0

/** Saves the signed receipt as it came. */
export function SaveReceipt(props: { readonly token: string; readonly erasedAt: Date }) {
  const { receipt: text } = inLanguage(leavingTexts)
  return (
    <div class="actions">
      <Button
        testId="save-receipt"
        look="main"
        icon="download"
        onPress={() => saveFile(`erasure-${fileDay(props.erasedAt)}.jwt`, `${props.token}\n`)}
      >
        {text.save}
      </Button>
    </div>
  )
}
