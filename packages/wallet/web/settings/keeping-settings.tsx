import { installOffer, worksOffline } from '@netcert/page/kept-page'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, Section } from '../design/controls.js'
import { Row, Rows } from '../design/rows.js'
import { say } from '../shell/ground.js'
import { inLanguage, language } from '../texts/language.js'
import { settingsTexts } from '../texts/settings.js'

/** Whether what is kept here stays here. */
export function KeepingSettings() {
  const text = inLanguage(settingsTexts)
  const isKept = useSignal<boolean | null>(null)
  const used = useSignal<number | null>(null)
  useEffect(() => void readKeeping(isKept, used), [])
  const ask = async () => {
    isKept.value = (await navigator.storage?.persist?.().catch(() => false)) ?? false
    if (!isKept.value) say(text.refused, 'bad')
  }
  return (
    <Section title={text.keeping}>
      <Rows testId="keeping">
        {isKept.value === null ? null : <KeepingPromise isKept={isKept.value} />}
        {used.value === null ? null : (
          <Row testId="used" icon="card" title={text.used} end={megabytes(used.value)} />
        )}
        <Offline />
      </Rows>
      {isKept.value === false ? (
        <div class="actions">
          <Button testId="persist" onPress={() => void ask()}>
            {text.askPersist}
          </Button>
        </div>
      ) : null}
      <Install />
    </Section>
  )
}

/** What the browser promised. */
function KeepingPromise({ isKept }: { readonly isKept: boolean }) {
  const text = inLanguage(settingsTexts)
  return isKept ? (
    <Row testId="persisted" icon="check" title={text.persisted} note={text.persistedNote} />
  ) : (
    <Row
      testId="not-persisted"
      icon="warning"
      title={text.notPersisted}
      note={text.notPersistedNote}
    />
  )
}

function Offline() {
  const text = inLanguage(settingsTexts)
  return worksOffline.value ? (
    <Row testId="works-offline" icon="check" title={text.offlineReady} />
  ) : (
    <Row testId="not-offline" icon="offline" title={text.offlineNot} note={text.offlineNotNote} />
  )
}

async function readKeeping(
  isKept: { value: boolean | null },
  used: { value: number | null },
): Promise<void> {
  const storage = navigator.storage as StorageManager | undefined
  isKept.value = (await storage?.persisted?.()) ?? false
  used.value = (await storage?.estimate?.())?.usage ?? null
}

function megabytes(bytes: number): string {
  const format = { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(language.value, format).format(bytes / 1_000_000)
}

function Install() {
  const text = inLanguage(settingsTexts)
  const offer = installOffer.value
  if (matchMedia('(display-mode: standalone)').matches) return null
  const install = () => {
    // A browser's offer is good once.
    installOffer.value = null
    void offer?.prompt()
  }
  return (
    <div class="panel" data-testid="install">
      <h3>{text.install}</h3>
      <p class="lead">{offer === null ? text.installHow : text.installLead}</p>
      {offer === null ? null : (
        <div class="actions">
          <Button testId="install-now" icon="download" onPress={install}>
            {text.installNow}
          </Button>
        </div>
      )}
    </div>
  )
}
