import { isStrongPassphrase, suggestPassphrase } from '@netcert/wallet/rules'
import { type Signal, useSignal } from '@preact/signals'
import { Button, Field, Notice, Section } from '../design/controls.js'
import { Failed, Working } from '../design/states.js'
import { appearance } from '../shell/appearance.js'
import type { Ground } from '../shell/ground.js'
import { fileDay, saveFile } from '../shell/saved-file.js'
import { inLanguage } from '../texts/language.js'
import { movingTexts } from '../texts/moving.js'
import { safetyTexts } from '../texts/safety.js'
import { writeMovedSettings } from './moved-settings.js'
import { Means, PartPage, Steps } from './part-page.js'

type Stage =
  | { readonly name: 'choosing' | 'making' }
  | { readonly name: 'made'; readonly file: string; readonly passphrase: string }
  | { readonly name: 'failed'; readonly error: unknown }

/** To a new device: what comes along, and the file for it. */
export function MovePart({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(safetyTexts)
  const { move } = inLanguage(movingTexts)
  const stage = useSignal<Stage>({ name: 'choosing' })
  const { value } = stage
  if (value.name === 'made') {
    return <Made ground={ground} file={value.file} passphrase={value.passphrase} />
  }
  const make = (passphrase: string) => void makeFile(ground, stage, passphrase)
  return (
    <PartPage testId="move" title={text.parts.move} lead={move.lead}>
      <div class="two-lists">
        <div class="panel">
          <h2>{move.taken}</h2>
          <Means words={move.takenList} />
        </div>
        <div class="panel">
          <h2>{move.notTaken}</h2>
          <Means words={move.notTakenList} />
        </div>
      </div>
      {value.name === 'making' ? <Working testId="making">{move.making}</Working> : null}
      {value.name === 'failed' ? <Failed error={value.error} /> : null}
      {value.name === 'making' ? null : <Passphrase onMake={make} />}
    </PartPage>
  )
}

async function makeFile(
  { opened, lock }: Ground,
  stage: Signal<Stage>,
  passphrase: string,
): Promise<void> {
  stage.value = { name: 'making' }
  try {
    const settings = writeMovedSettings(appearance.value, await lock.choices())
    const file = await opened.wallet.moving.export({ passphrase, settings })
    stage.value = { name: 'made', file, passphrase }
  } catch (error) {
    stage.value = { name: 'failed', error }
  }
}

/** A random one first: nobody guesses it. */
function Passphrase({ onMake }: { readonly onMake: (passphrase: string) => void }) {
  const { move } = inLanguage(movingTexts)
  const suggested = useSignal(suggestPassphrase())
  const own = useSignal<string | null>(null)
  const { value: typed } = own
  const passphrase = typed ?? suggested.value
  const submit = (event: Event) => {
    event.preventDefault()
    onMake(passphrase)
  }
  return (
    <Section title={move.passTitle} lead={move.passLead}>
      <form onSubmit={submit}>
        {typed === null ? (
          <Suggested
            passphrase={suggested.value}
            onAnother={() => (suggested.value = suggestPassphrase())}
          />
        ) : (
          <OwnPassphrase passphrase={typed} onChange={(value) => (own.value = value)} />
        )}
        <div class="actions">
          <MakeButton passphrase={passphrase} />
          <Button
            testId="own-choice"
            look="quiet"
            onPress={() => (own.value = typed === null ? '' : null)}
          >
            {typed === null ? move.ownChoice : move.suggested}
          </Button>
        </div>
      </form>
    </Section>
  )
}

function MakeButton({ passphrase }: { readonly passphrase: string }) {
  const isStrong = isStrongPassphrase(passphrase)
  return (
    <Button testId="make-file" look="main" icon="lock" submits disabled={!isStrong}>
      {inLanguage(movingTexts).move.make}
    </Button>
  )
}

function Suggested(props: { readonly passphrase: string; readonly onAnother: () => void }) {
  const { move } = inLanguage(movingTexts)
  return (
    <div class="suggested">
      <p class="passphrase" data-testid="passphrase">
        {props.passphrase}
      </p>
      <Button testId="another-passphrase" look="quiet" onPress={props.onAnother}>
        {move.another}
      </Button>
    </div>
  )
}

function OwnPassphrase(props: {
  readonly passphrase: string
  readonly onChange: (passphrase: string) => void
}) {
  const { move } = inLanguage(movingTexts)
  return (
    <Field
      testId="own-passphrase"
      label={move.passLabel}
      hint={move.passHint}
      value={props.passphrase}
      focused
      onChange={props.onChange}
    />
  )
}

function Made(props: {
  readonly ground: Ground
  readonly file: string
  readonly passphrase: string
}) {
  const { move } = inLanguage(movingTexts)
  const { ground, file, passphrase } = props
  const save = () => saveFile(`wallet-${fileDay(ground.clock())}.ncmove`, file)
  return (
    <PartPage testId="moved-out" title={move.madeTitle} lead={move.madeLead}>
      <div class="panel">
        <h2>{move.passWas}</h2>
        <p class="passphrase">{passphrase}</p>
        <Notice kind="warn">{move.passLead}</Notice>
        <div class="actions">
          <Button testId="save-file" look="main" icon="download" onPress={save}>
            {move.save}
          </Button>
        </div>
      </div>
      <Section title={move.afterTitle}>
        <Steps steps={move.afterSteps} />
      </Section>
    </PartPage>
  )
}
