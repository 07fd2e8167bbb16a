import { takeNewVersion, waitingVersion } from '@netcert/page/kept-page'
import { chooseLanguage } from '@netcert/page/language'
import { followLook } from '@netcert/page/look'
import { askForWindow } from '@netcert/page/one-window'
import { useEffect, useState } from 'preact/hooks'
import { type Kiosk, openKiosk } from './kiosk.js'
import { type Choices, openHome } from './keeping/database.js'
import { Button } from './parts/controls.js'
import { GateScreen } from './screens/gate.js'
import { SetUp } from './screens/set-up.js'
import { Staff } from './screens/staff.js'
import { language, texts } from './texts/language.js'

/** Why the page cannot go on: nothing can be kept here, or what was kept was taken away. */
type Why = 'storage' | 'lost'
type Screen = 'starting' | 'set-up' | 'gate' | 'staff' | 'elsewhere' | 'failed'

/** The page: which of its screens is shown. */
export function App() {
  const [screen, setScreen] = useState<Screen>('starting')
  const [kiosk, setKiosk] = useState<Kiosk | null>(null)
  const [why, setWhy] = useState<Why>('storage')
  const lose = (reason: Why) => {
    setWhy(reason)
    setScreen('failed')
  }
  const open = (take: boolean) =>
    void start({ take, onTaken: () => setScreen('elsewhere'), onLost: () => lose('lost') })
      .then((opened) => {
        setKiosk(opened)
        setScreen(opened === null ? 'elsewhere' : firstScreen(opened))
      })
      .catch(() => lose('storage'))
  useEffect(() => open(false), [])
  useEffect(() => {
    if (screen === 'elsewhere' || screen === 'failed') kiosk?.close()
  }, [screen])
  document.documentElement.lang = language.value
  document.title = texts.value.appName
  return (
    <div class="app" data-testid="app" data-screen={screen} data-lang={language.value}>
      {kiosk !== null && screen !== 'elsewhere' && screen !== 'failed' ? (
        <Open kiosk={kiosk} screen={screen} onScreen={setScreen} />
      ) : (
        <Word screen={screen} why={why} onTake={() => open(true)} />
      )}
      {waitingVersion.value === null ? null : <Update />}
    </div>
  )
}

/** Only one window of a device checks passes. */
const WINDOW = 'netcert-gate'

type Start = {
  readonly take: boolean
  readonly onTaken: () => void
  readonly onLost: () => void
}

async function start({ take, onTaken, onLost }: Start): Promise<Kiosk | null> {
  appear({})
  if (!(await askForWindow({ name: WINDOW, take, onLost: onTaken }))) return null
  const kiosk = await openKiosk(await openHome(onLost))
  appear(kiosk.choices.value)
  return kiosk
}

/** Language and look: asked for in the address, chosen on this device, or as the browser has them. */
function appear(chosen: Choices): void {
  const asked = new URLSearchParams(location.search)
  language.value = chooseLanguage(asked.get('lang'), chosen.language, navigator.languages)
  const look = asked.get('look')
  followLook(look === 'light' || look === 'dark' ? look : (chosen.look ?? null))
}

function firstScreen({ lane, pin }: Kiosk): Screen {
  return lane.value === null || pin.value === null ? 'set-up' : 'gate'
}

function Open(props: {
  readonly kiosk: Kiosk
  readonly screen: Screen
  readonly onScreen: (screen: Screen) => void
}) {
  const { kiosk, screen, onScreen } = props
  // An event's lane is forgotten when its time of keeping is over: the next one is asked for.
  const isForgotten = kiosk.lane.value === null
  useEffect(() => {
    if (isForgotten) onScreen('set-up')
  }, [isForgotten])
  if (screen === 'set-up' || isForgotten)
    return <SetUp kiosk={kiosk} onDone={() => onScreen('gate')} />
  if (screen === 'gate') return <GateScreen kiosk={kiosk} onStaff={() => onScreen('staff')} />
  const back = () => onScreen('gate')
  return <Staff kiosk={kiosk} onClose={back} onRemoved={() => onScreen('set-up')} />
}

type WordProps = { readonly screen: Screen; readonly why: Why; readonly onTake: () => void }

/** The screens that are one sentence. */
function Word({ screen, why, onTake }: WordProps) {
  const { starting, elsewhereTitle, elsewhereLead, elsewhereTake } = texts.value
  const { failedTitle, failedStorage, failedLost, reopen } = texts.value
  if (screen === 'starting') return <p class="word">{starting}</p>
  const isElsewhere = screen === 'elsewhere'
  return (
    <main class="word">
      <h1>{isElsewhere ? elsewhereTitle : failedTitle}</h1>
      <p class="lead">
        {isElsewhere ? elsewhereLead : why === 'lost' ? failedLost : failedStorage}
      </p>
      <Button
        testId={isElsewhere ? 'take-here' : 'reopen'}
        look="main"
        onPress={isElsewhere ? onTake : () => location.reload()}
      >
        {isElsewhere ? elsewhereTake : reopen}
      </Button>
    </main>
  )
}

function Update() {
  const { updateReady, updateNow, updateLater } = texts.value
  return (
    <div class="update" role="status" data-testid="update">
      <span>{updateReady}</span>
      <Button testId="update-later" onPress={() => (waitingVersion.value = null)}>
        {updateLater}
      </Button>
      <Button testId="update-now" look="main" onPress={takeNewVersion}>
        {updateNow}
      </Button>
    </div>
  )
}
