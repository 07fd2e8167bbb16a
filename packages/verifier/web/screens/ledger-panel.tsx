import { now } from '@netcert/page/clock'
import type { LedgerEntry } from '@netcert/verifier/gate'
import { useEffect, useState } from 'preact/hooks'
import type { GateDesk } from '../gate/gate-desk.js'
import { exportEntries, type Merge, mergeEntries, saveFile } from '../gate/ledger-desk.js'
import type { KeptLane } from '../keeping/database.js'
import { foreignEntries } from '../keeping/ledger-rows.js'
import type { Kiosk } from '../kiosk.js'
import { Button, Facts, Refusal, Section } from '../parts/controls.js'
import { EntryTable } from '../parts/entry-table.js'
import { FileDrop } from '../parts/file-drop.js'
import { SureButton } from '../parts/sure-button.js'
import { useWorking } from '../parts/working.js'
import { numberText, whenText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'
import { MergeFound } from './merge-found.js'

type AtWork = { readonly desk: GateDesk; readonly kept: KeptLane }
const RECENT = 10

/** Who was let in, by tags alone: to look at, carry to other lanes, and erase. */
export function LedgerPanel({ kiosk }: { readonly kiosk: Kiosk }) {
  const desk = kiosk.desk.value
  const kept = kiosk.lane.value
  if (desk === null || kept === null) return <p class="lead">{texts.value.ledgerEmpty}</p>
  return (
    <>
      <Entries kiosk={kiosk} desk={desk} />
      <Exporting desk={desk} kept={kept} />
      <Merging desk={desk} kept={kept} />
      <Erasing kiosk={kiosk} />
    </>
  )
}

function Entries({ kiosk, desk }: { readonly kiosk: Kiosk; readonly desk: GateDesk }) {
  const [entries, setEntries] = useState<readonly LedgerEntry[]>([])
  const [others, setOthers] = useState(0)
  const [erasesAt, setErasesAt] = useState<Date | null>(null)
  const { total } = desk.entries.value
  useEffect(() => {
    void desk.ledger.entries().then(setEntries)
    void desk.ledger.head().then(async (head) => {
      setErasesAt(head.erasesAt)
      setOthers(await foreignEntries(kiosk.home, head.ledger))
    })
  }, [desk, total])
  const {
    tabLedger,
    ledgerNoPersonal,
    ledgerCount,
    ledgerOthers,
    ledgerErases,
    ledgerEmpty,
    storage,
  } = texts.value
  const ends = erasesAt === null ? '' : ledgerErases(whenText(erasesAt, now(), language.value))
  const recent = entries.slice(-RECENT).toReversed()
  return (
    <Section title={tabLedger} lead={ledgerNoPersonal}>
      <Facts
        rows={[
          [ledgerCount, numberText(entries.length, language.value)],
          ...(others === 0 ? [] : [[ledgerOthers, numberText(others, language.value)] as const]),
          [storage, ends],
        ]}
      />
      {recent.length === 0 ? <p class="hint">{ledgerEmpty}</p> : <EntryTable entries={recent} />}
    </Section>
  )
}

function Exporting({ desk, kept }: AtWork) {
  const { refused, run } = useWorking()
  const { ledgerExport, ledgerExportLead } = texts.value
  const save = async () => saveFile(await exportEntries({ desk, kept, now: now() }))
  return (
    <Section title={ledgerExport} lead={ledgerExportLead}>
      <Button testId="ledger-export" onPress={() => run(save)}>
        {ledgerExport}
      </Button>
      <Refusal code={refused} />
    </Section>
  )
}

function Merging({ desk, kept }: AtWork) {
  const { refused, run } = useWorking()
  const [found, setFound] = useState<Merge | null>(null)
  const { ledgerMerge, ledgerMergeLead } = texts.value
  const merge = async (files: readonly File[]) => {
    setFound(null)
    setFound(await mergeEntries({ desk, kept, now: now() }, files))
  }
  return (
    <Section title={ledgerMerge} lead={ledgerMergeLead}>
      <FileDrop
        testId="ledger-merge"
        label={ledgerMerge}
        accept=".json"
        multiple
        onFiles={(files) => run(() => merge(files))}
      />
      <Refusal code={refused} />
      <div role="status">{found === null ? null : <MergeFound found={found} />}</div>
    </Section>
  )
}

function Erasing({ kiosk }: { readonly kiosk: Kiosk }) {
  const { refused, run } = useWorking()
  const [erased, setErased] = useState<number | null>(null)
  const { ledgerErase, ledgerEraseLead, ledgerEraseSure, ledgerErased } = texts.value
  return (
    <Section title={ledgerErase} lead={ledgerEraseLead}>
      <SureButton
        testId="ledger-erase"
        word={ledgerErase}
        question={ledgerEraseSure}
        onSure={() => run(async () => setErased(await kiosk.eraseEntries()))}
      />
      <Refusal code={refused} />
      <p class="hint" role="status" data-testid="ledger-erased">
        {erased === null ? '' : ledgerErased(numberText(erased, language.value))}
      </p>
    </Section>
  )
}
