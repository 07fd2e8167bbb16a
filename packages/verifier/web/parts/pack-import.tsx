import { now } from '@netcert/page/clock'
import { useState } from 'preact/hooks'
import type { Kiosk } from '../kiosk.js'
import { fetchLatestPack } from '../own-origin.js'
import { whenText } from '../texts/amounts.js'
import { language, texts } from '../texts/language.js'
import { Button, Refusal } from './controls.js'
import { FileDrop } from './file-drop.js'
import { Icon } from './icon.js'
import { useWorking } from './working.js'

type Told = 'none' | 'unreachable' | 'same' | 'taken'

/** Takes a pack in, from a file or from the place the page came from. */
export function PackImport({ kiosk }: { readonly kiosk: Kiosk }) {
  const { busy, refused, run } = useWorking()
  const [told, setTold] = useState<Told | null>(null)
  const { packFile, packFetch, packTaking } = texts.value
  const take = async (pack: Blob) => {
    setTold(null)
    const before = kiosk.held.value
    setTold((await kiosk.takeIn(pack)) === before ? 'same' : 'taken')
  }
  const fetchIt = async () => {
    const fetched = await fetchLatestPack()
    if (fetched.outcome === 'fetched') await take(fetched.pack)
    else setTold(fetched.outcome)
  }
  return (
    <div class="stack">
      <FileDrop
        testId="pack-file"
        label={packFile}
        accept=".ncpack"
        onFiles={([file]) => file !== undefined && run(() => take(file))}
      />
      <div class="row">
        <Button testId="pack-fetch" icon="online" disabled={busy} onPress={() => run(fetchIt)}>
          {packFetch}
        </Button>
      </div>
      <Refusal code={refused} />
      <div role="status">
        {busy ? <p class="note">{packTaking}</p> : null}
        {busy || told === null || refused !== null ? null : <Told told={told} kiosk={kiosk} />}
      </div>
    </div>
  )
}

function Told({ told, kiosk }: { readonly told: Told; readonly kiosk: Kiosk }) {
  const { packNone, packUnreachable, packSame, packTaken, packBuilt } = texts.value
  const held = kiosk.held.value
  if (told === 'none' || told === 'unreachable' || held === null) {
    return (
      <p class="note" data-testid="pack-told" data-told={told}>
        {told === 'none' ? packNone : packUnreachable}
      </p>
    )
  }
  const { lists, issuers } = held.coverage
  const text = told === 'same' ? packSame : packTaken(lists, issuers)
  return (
    <p class="note good" data-testid="pack-told" data-told={told}>
      <Icon name="check" />
      <span>
        {text} · {packBuilt(whenText(held.builtAt, now(), language.value))}
      </span>
    </p>
  )
}
