import type { ArrivedWallet } from '@netcert/wallet/rules'
import { type Signal, useSignal } from '@preact/signals'
import { Button, Facts, Field, Notice } from '../design/controls.js'
import { Icon } from '../design/icon.js'
import { Failed, Working } from '../design/states.js'
import { chooseAppearance } from '../shell/appearance.js'
import { changed, type Ground } from '../shell/ground.js'
import { go } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage } from '../texts/language.js'
import { movingTexts } from '../texts/moving.js'
import { safetyTexts } from '../texts/safety.js'
import { dayWord } from '../texts/spoken-dates.js'
import { readMovedSettings } from './moved-settings.js'
import { PartPage } from './part-page.js'

type Stage =
  | { readonly name: 'choosing' | 'taking' }
  | { readonly name: 'done'; readonly arrived: ArrivedWallet }
  | { readonly name: 'failed'; readonly error: unknown }

/** On the new device: the file of the old one is taken in. */
export function ArrivePart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { arrive } = inLanguage(movingTexts)
  const stage = useSignal<Stage>({ name: 'choosing' })
  const { value } = stage
  if (value.name === 'done') return <Arrived ground={ground} arrived={value.arrived} />
  const take = (file: Blob, passphrase: string) => void takeIn(ground, stage, { file, passphrase })
  return (
    <PartPage testId="arrive" title={text.parts.arrive} lead={arrive.lead}>
      {value.name === 'failed' ? <Failed error={value.error} /> : null}
      <Choosing isBusy={value.name === 'taking'} onTake={take} />
      {value.name === 'taking' ? <Working testId="taking">{arrive.taking}</Working> : null}
    </PartPage>
  )
}

async function takeIn(
  ground: Ground,
  stage: Signal<Stage>,
  given: { readonly file: Blob; readonly passphrase: string },
): Promise<void> {
  stage.value = { name: 'taking' }
  const { opened, lock, records } = ground
  try {
    const file = await given.file.text()
    const { passphrase } = given
    const arrived = await opened.wallet.moving.import({ file, passphrase })
    const settings = readMovedSettings(arrived.settings)
    await chooseAppearance(records, settings.appearance)
    await lock.choose({ ...(await lock.choices()), ...settings.lock })
    stage.value = { name: 'done', arrived }
    changed(ground)
  } catch (error) {
    stage.value = { name: 'failed', error }
  }
}

function Choosing(props: {
  readonly isBusy: boolean
  readonly onTake: (file: Blob, passphrase: string) => void
}) {
  const { arrive } = inLanguage(movingTexts)
  const file = useSignal<File | null>(null)
  const passphrase = useSignal('')
  const { value: chosen } = file
  const submit = (event: Event) => {
    event.preventDefault()
    if (chosen !== null) props.onTake(chosen, passphrase.value)
  }
  return (
    <form onSubmit={submit}>
      <FileEntry file={chosen} onFile={(given) => (file.value = given)} />
      <Field
        testId="moved-passphrase"
        label={arrive.passLabel}
        hint={arrive.passHint}
        value={passphrase.value}
        onChange={(value) => (passphrase.value = value)}
      />
      <div class="actions">
        <Button
          testId="take-in"
          look="main"
          submits
          disabled={props.isBusy || chosen === null || passphrase.value.trim() === ''}
        >
          {arrive.take}
        </Button>
      </div>
    </form>
  )
}

function FileEntry(props: {
  readonly file: File | null
  readonly onFile: (file: File | null) => void
}) {
  const { arrive } = inLanguage(movingTexts)
  const { file, onFile } = props
  return (
    <div class="actions">
      <label class="button file-button">
        <Icon name="file" />
        <span>{file === null ? arrive.choose : arrive.chosen(file.name)}</span>
        <input
          type="file"
          data-testid="moved-file"
          onChange={({ currentTarget }) => onFile(currentTarget.files?.[0] ?? null)}
        />
      </label>
    </div>
  )
}

function Arrived(props: { readonly ground: Ground; readonly arrived: ArrivedWallet }) {
  const { ground, arrived } = props
  const certificates = useLoaded(ground, () => ground.opened.wallet.list())
  const isEmpty = certificates.state === 'there' && certificates.value.length === 0
  const { arrive } = inLanguage(movingTexts)
  const { ledger, platforms, wards, receipts, exportedAt } = arrived
  return (
    <PartPage testId="arrived" title={arrive.doneTitle} lead={arrive.doneLead(dayWord(exportedAt))}>
      <div class="panel" data-testid="arrived-facts">
        <Facts
          rows={[
            [arrive.ledger, ledger === null ? arrive.kept : arrive.lines(ledger)],
            [arrive.platforms, String(platforms)],
            [arrive.children, String(wards)],
            [arrive.receipts, String(receipts)],
          ]}
        />
      </div>
      {isEmpty ? <Notice kind="good">{arrive.next}</Notice> : null}
      <p class="hint">{arrive.forget}</p>
      <div class="actions">
        <Button testId="get-anew" look="main" icon="plus" onPress={() => go('receive')}>
          {arrive.get}
        </Button>
      </div>
    </PartPage>
  )
}
