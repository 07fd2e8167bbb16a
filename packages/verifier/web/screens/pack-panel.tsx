import { now } from '@netcert/page/clock'
import { agePack } from '@netcert/verifier/offline-pack'
import type { Kiosk } from '../kiosk.js'
import { Facts, Refusal, Section } from '../parts/controls.js'
import { FileDrop } from '../parts/file-drop.js'
import { PackImport } from '../parts/pack-import.js'
import { useWorking } from '../parts/working.js'
import { numberText, spanText, whenText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'

/** The pack at hand, a newer one, and for ticket gates the list of tickets. */
export function PackPanel({ kiosk }: { readonly kiosk: Kiosk }) {
  const { packHeld, packReplace, packReplaceLead } = texts.value
  return (
    <>
      <Section title={packHeld}>
        <Held kiosk={kiosk} />
      </Section>
      <Section title={packReplace} lead={packReplaceLead}>
        <PackImport kiosk={kiosk} />
      </Section>
      {kiosk.lane.value?.lane.kind === 'ticket' ? <Tickets kiosk={kiosk} /> : null}
    </>
  )
}

function Held({ kiosk }: { readonly kiosk: Kiosk }) {
  const held = kiosk.held.value
  const t = texts.value
  if (held === null) return <p class="lead">{t.packNoneHeld}</p>
  const at = now()
  const { seq, builtAt, ageSeconds, coverage, listsEndAt } = agePack(held, at)
  const when = whenText(builtAt, at, language.value)
  const { lists, issuers } = coverage
  return (
    <div data-testid="pack-held" data-seq={seq}>
      <Facts
        rows={[
          [t.packNumber, String(seq)],
          [t.packAgeLabel, `${when} · ${spanText(ageSeconds, language.value)}`],
          [t.packCoverage, t.packCoverageText(lists, issuers)],
          ...(listsEndAt === null
            ? []
            : [[t.packListsEnd, whenText(listsEndAt, at, language.value)] as const]),
        ]}
      />
    </div>
  )
}

function Tickets({ kiosk }: { readonly kiosk: Kiosk }) {
  const { refused, run } = useWorking()
  const { ticketsTitle, ticketsLead, ticketsFile, ticketsHeld, ticketsNone } = texts.value
  const list = kiosk.tickets.value
  return (
    <Section title={ticketsTitle} lead={ticketsLead}>
      <p class="note" data-testid="tickets-held" data-size={list?.size ?? ''}>
        {list === null ? ticketsNone : ticketsHeld(numberText(list.size, language.value))}
      </p>
      <FileDrop
        testId="tickets-file"
        label={ticketsFile}
        accept=".nctickets"
        onFiles={([file]) =>
          file !== undefined && run(async () => kiosk.takeTickets(await file.text()))
        }
      />
      <Refusal code={refused} />
    </Section>
  )
}
