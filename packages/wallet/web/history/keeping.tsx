import type { ChainCheck } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Button, Notice, Section } from '../design/controls.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { type Ground, say } from '../shell/ground.js'
import { fileDay, saveFile } from '../shell/saved-file.js'
import { historyTexts } from '../texts/history.js'
import { inLanguage } from '../texts/language.js'
import { numberWord } from '../texts/spoken-times.js'

/** The history as a file, and whether it is whole. */
export function Keeping({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(historyTexts)
  const check = useSignal<ChainCheck | null>(null)
  const { wallet } = ground.opened
  const told = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      say(refusalSentence(error).text, 'bad')
    }
  }
  const save = async () => {
    const ledger = await wallet.exportLedger()
    const name = `${text.fileName}-${fileDay(ground.clock())}.json`
    saveFile(name, `${JSON.stringify(ledger, null, 2)}\n`, 'application/json')
  }
  const look = async () => {
    check.value = await wallet.checkLedger()
  }
  return (
    <Section title={text.keepTitle} lead={text.keepLead}>
      {check.value === null ? null : <Checked check={check.value} />}
      <div class="actions">
        <Button testId="save-ledger" icon="download" onPress={() => void told(save)}>
          {text.save}
        </Button>
        <Button testId="check-ledger" icon="check" onPress={() => void told(look)}>
          {text.check}
        </Button>
      </div>
    </Section>
  )
}

function Checked({ check }: { readonly check: ChainCheck }) {
  const text = inLanguage(historyTexts)
  return check.kind === 'whole' ? (
    <div role="status">
      <Notice kind="good" testId="ledger-check" code="whole">
        {text.whole(numberWord(check.entries))}
      </Notice>
    </div>
  ) : (
    <Notice kind="bad" testId="ledger-check" code={check.problem}>
      {text.broken(numberWord(check.position))}
    </Notice>
  )
}
