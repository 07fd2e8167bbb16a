import { askForWindow } from '@netcert/page/one-window'
import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button } from '../design/controls.js'
import type { LockRecords } from '../lock/lock-records.js'
import { LockScreen } from '../lock/lock-screen.js'
import { SetUpScreen } from '../lock/set-up-screen.js'
import { shellTexts } from '../texts/shell.js'
import { inLanguage, language } from '../texts/language.js'
import { readAppearance, show } from './appearance.js'
import { Door } from './door.js'
import { type Erasure, finishErasing } from './erasing.js'
import { ErasingScreen } from './erasing-screen.js'
import type { Ground } from './ground.js'
import { afterActs } from './left-act.js'
import { Opened } from './opened.js'
import { readPageSettings } from './page-settings.js'
import {
  type ClosedWallet,
  eraseClosed,
  openWith,
  readClosedWallet,
  readRecords,
} from './wallet-session.js'

/** Only one tab of a browser has the wallet open. */
const WINDOW = 'netcert-wallet'

/** The screens that are one sentence. */
type WordName = 'starting' | 'elsewhere' | 'failed' | 'erased' | 'otherRoot'

type Stage =
  | { readonly name: WordName }
  | { readonly name: 'erasing'; readonly left: Exclude<Erasure, 'cleared'> }
  | { readonly name: 'closed'; readonly closed: ClosedWallet }
  | { readonly name: 'open'; readonly ground: Ground }

/** The page: closed, open, or a word why it is neither. */
export function App() {
  const stage = useSignal<Stage>({ name: 'starting' })
  const begin = (take: boolean) => {
    // What stood there goes at once: reading what comes next may take as long as a network does.
    stage.value = { name: 'starting' }
    void start(stage, take).catch(() => (stage.value = { name: 'failed' }))
  }
  useEffect(() => {
    show()
    begin(false)
  }, [])
  document.title = inLanguage(shellTexts).appName
  const { value } = stage
  const open = async (closed: ClosedWallet, master: Uint8Array) => {
    const onLost = () => (stage.value = { name: 'erased' })
    // Another tab may take the wallet at any moment; then it does not open here any more.
    const isStill = () => stage.value.name === 'closed' && stage.value.closed === closed
    if (!isStill()) return void master.fill(0)
    try {
      const ground = await openWith(closed, master, { onClosed: () => begin(false), onLost })
      if (isStill()) stage.value = { name: 'open', ground }
      else ground.opened.close()
    } catch (error) {
      if (isStill()) stage.value = { name: isOtherRoot(error) ? 'otherRoot' : 'failed' }
    }
  }
  return (
    <div class="app" data-testid="app" data-stage={value.name} data-lang={language.value}>
      {value.name === 'open' ? (
        <Opened ground={value.ground} />
      ) : value.name === 'closed' ? (
        <Closed closed={value.closed} onOpen={(master) => open(value.closed, master)} />
      ) : value.name === 'erasing' ? (
        <ErasingScreen left={value.left} />
      ) : (
        <Word stage={value.name} onTake={() => begin(true)} />
      )}
    </div>
  )
}

/** The page says that it belongs to another root than the wallet. */
function isOtherRoot(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'root_differs'
}

async function start(stage: Signal<Stage>, take: boolean): Promise<void> {
  const records = await readRecords(() => (stage.value = { name: 'erased' }))
  await readAppearance(records)
  const onLost = () => {
    if (stage.value.name === 'open') afterActs(stage.value.ground.opened.close)
    stage.value = { name: 'elsewhere' }
  }
  if (!(await askForWindow({ name: WINDOW, take, onLost }))) return onLost()
  if ((await records.get('erasing')) === true) return finish(stage, records)
  const closed = await readClosedWallet(records, await readPageSettings())
  // Another tab may have taken it meanwhile.
  if (stage.value.name === 'starting') stage.value = { name: 'closed', closed }
}

/** A wallet was erased, and not all of it is gone yet. */
async function finish(stage: Signal<Stage>, records: LockRecords): Promise<void> {
  const left = await finishErasing(records)
  if (left === 'cleared') location.reload()
  else stage.value = { name: 'erasing', left }
}

type ClosedProps = {
  readonly closed: ClosedWallet
  readonly onOpen: (master: Uint8Array) => Promise<void>
}

function Closed({ closed, onOpen }: ClosedProps) {
  const { lock, ways, records } = closed
  const isNew = !ways.pin && !ways.passkey
  return isNew ? (
    <SetUpScreen lock={lock} records={records} onOpen={onOpen} />
  ) : (
    <LockScreen {...{ lock, ways, records, onOpen }} onErase={() => void eraseClosed(closed)} />
  )
}

/** The screens that are one sentence. */
function Word(props: { readonly stage: WordName; readonly onTake: () => void }) {
  const text = inLanguage(shellTexts)
  if (props.stage === 'starting') return <p class="word">{text.starting}</p>
  const isElsewhere = props.stage === 'elsewhere'
  const words = {
    elsewhere: [text.elsewhereTitle, text.elsewhereLead],
    failed: [text.failedTitle, text.failedLead],
    erased: [text.erasedTitle, text.erasedLead],
    otherRoot: [text.otherRootTitle, text.otherRootLead],
  } as const
  const [title, lead] = words[props.stage]
  return (
    <Door testId={props.stage} title={title} lead={lead}>
      <Button
        testId={isElsewhere ? 'take-here' : 'reopen'}
        look="main"
        onPress={isElsewhere ? props.onTake : () => location.reload()}
      >
        {isElsewhere ? text.takeHere : text.reopen}
      </Button>
    </Door>
  )
}
