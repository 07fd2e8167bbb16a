import { useState } from 'preact/hooks'
import type { Kiosk } from '../kiosk.js'
import { Button } from '../parts/controls.js'
import { texts } from '../texts/language.js'
import { PackSign } from './gate-bar.js'
import { LanePanel } from './lane-panel.js'
import { LedgerPanel } from './ledger-panel.js'
import { PackPanel } from './pack-panel.js'
import { PinGate } from './pin-gate.js'
import { SettingsPanel } from './settings-panel.js'

const tabs = ['pack', 'ledger', 'settings', 'lane'] as const
type Tab = (typeof tabs)[number]
type StaffProps = {
  readonly kiosk: Kiosk
  readonly onClose: () => void
  readonly onRemoved: () => void
}

/** What only staff may touch, behind the PIN; left for the gate, it is locked again. */
export function Staff({ kiosk, onClose, onRemoved }: StaffProps) {
  const [isOpen, setOpen] = useState(false)
  const [tab, setTab] = useState<Tab>('pack')
  const { staffTitle, backToGate } = texts.value
  return (
    <main class="staff" data-testid="staff" data-open={String(isOpen)}>
      <header class="staff-head">
        <h1>{staffTitle}</h1>
        <PackSign kiosk={kiosk} />
        <Button testId="staff-close" onPress={onClose}>
          {backToGate}
        </Button>
      </header>
      {isOpen ? (
        <>
          <Tabs now={tab} onTab={setTab} />
          <div class="panel" role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`}>
            {tab === 'pack' ? <PackPanel kiosk={kiosk} /> : null}
            {tab === 'ledger' ? <LedgerPanel kiosk={kiosk} /> : null}
            {tab === 'settings' ? <SettingsPanel kiosk={kiosk} /> : null}
            {tab === 'lane' ? <LanePanel kiosk={kiosk} onRemoved={onRemoved} /> : null}
          </div>
        </>
      ) : (
        <PinGate kiosk={kiosk} onOpen={() => setOpen(true)} />
      )}
    </main>
  )
}

function Tabs({ now, onTab }: { readonly now: Tab; readonly onTab: (tab: Tab) => void }) {
  const { tabPack, tabLedger, tabSettings, tabLane } = texts.value
  const names: Readonly<Record<Tab, string>> = {
    ...{ pack: tabPack, ledger: tabLedger, settings: tabSettings, lane: tabLane },
  }
  const move = (step: number) => {
    const next = tabs[(tabs.indexOf(now) + step + tabs.length) % tabs.length] ?? now
    onTab(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div
      class="tabs"
      role="tablist"
      aria-label={texts.value.staffTitle}
      onKeyDown={({ key }) => {
        if (key === 'ArrowRight') move(1)
        if (key === 'ArrowLeft') move(-1)
      }}
    >
      {tabs.map((tab) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          data-testid={`tab-${tab}`}
          aria-selected={tab === now}
          aria-controls="panel"
          tabIndex={tab === now ? 0 : -1}
          onClick={() => onTab(tab)}
        >
          {names[tab]}
        </button>
      ))}
    </div>
  )
}
