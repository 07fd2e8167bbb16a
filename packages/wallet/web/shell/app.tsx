import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button } from '../design/controls.js'
import { LockScreen } from '../lock/lock-screen.js'
import { SetUpScreen } from '../lock/set-up-screen.js'
import { shellTexts } from '../texts/shell.js'
import { chooseLanguage, inLanguage, language } from '../texts/language.js'
import type { Ground } from './ground.js'
import { askForWallet } from './one-tab.js'
import { Opened } from './opened.js'
import { readPageSettings } from './page-settings.js'
import { type ClosedWallet, openWith, readClosedWallet } from './wallet-session.js'

type Stage =
  | { readonly name: 'starting' | 'elsewhere' | 'failed' }
  | { readonly name: 'closed'; readonly closed: ClosedWallet }
  | { readonly name: 'open'; readonly ground: Ground }

/** The page: closed, open, or a word why it is neither. */
export function App() {
  const stage = useSignal<Stage>({ name: 'starting' })
  const start = async (take: boolean) => {
    const onLost = () => (stage.value = { name: 'elsewhere' })
    if (await askForWallet({ take, onLost })) {
      stage.value = { name: 'closed', closed: await readClosedWallet(await readPageSettings()) }
    } else onLost()
  }
  const begin = (take: boolean) => void start(take).catch(() => (stage.value = { name: 'failed' }))
  useEffect(() => {
    const asked = new URLSearchParams(location.search).get('lang')
    language.value = chooseLanguage(asked, undefined, navigator.languages)
    begin(false)
  }, [])
  document.documentElement.lang = language.value
  document.title = inLanguage(shellTexts).appName
  const { value } = stage
  const open = async (closed: ClosedWallet, master: Uint8Array) => {
    stage.value = { name: 'open', ground: await openWith(closed, master, () => begin(false)) }
  }
  return (
    <div class="app" data-testid="app" data-stage={value.name} data-lang={language.value}>
      {value.name === 'open' ? (
        <Opened ground={value.ground} />
      ) : value.name === 'closed' ? (
        <Closed closed={value.closed} onOpen={(master) => open(value.closed, master)} />
      ) : (
        <Word stage={value.name} onTake={() => begin(true)} />
      )}
    </div>
  )
}

type ClosedProps = {
  readonly closed: ClosedWallet
  readonly onOpen: (master: Uint8Array) => Promise<void>
}

function Closed({ closed, onOpen }: ClosedProps) {
  const { lock, ways } = closed
  const isNew = !ways.pin && !ways.passkey
  return isNew ? (
    <SetUpScreen lock={lock} onOpen={onOpen} />
  ) : (
    <LockScreen lock={lock} ways={ways} onOpen={onOpen} />
  )
}

/** The screens that are one sentence. */
function Word(props: {
  readonly stage: 'starting' | 'elsewhere' | 'failed'
  readonly onTake: () => void
}) {
  const text = inLanguage(shellTexts)
  if (props.stage === 'starting') return <p class="word">{text.starting}</p>
  const isElsewhere = props.stage === 'elsewhere'
  return (
    <main class="word">
      <h1>{isElsewhere ? text.elsewhereTitle : text.failedTitle}</h1>
      <p class="lead">{isElsewhere ? text.elsewhereLead : text.failedLead}</p>
      <Button
        testId={isElsewhere ? 'take-here' : 'reopen'}
        look="main"
        onPress={isElsewhere ? props.onTake : () => location.reload()}
      >
        {isElsewhere ? text.takeHere : text.reopen}
      </Button>
    </main>
  )
}
