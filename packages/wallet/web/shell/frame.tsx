import { after } from '@netcert/page/clock'
import { isOnline, takeNewVersion, waitingVersion } from '@netcert/page/kept-page'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button, Notice } from '../design/controls.js'
import { Mark } from '../design/drawings.js'
import { Icon, type IconName } from '../design/icon.js'
import { inLanguage } from '../texts/language.js'
import { shellTexts } from '../texts/shell.js'
import { ClosesSoon } from './closes-soon.js'
import { type Ground, toast } from './ground.js'
import { focusScreen, keepFocus } from './kept-focus.js'
import { actsUnderWay } from './left-act.js'
import { addressOf, type Place, type PlaceName, tabNames, visit, wayBackOf } from './place.js'

const icons: Readonly<Record<(typeof tabNames)[number], IconName>> = {
  ...{ home: 'card', history: 'history', scan: 'scan', family: 'family', safety: 'shield' },
}
/** Which tab a place belongs to that is no tab itself. */
const tabOf: Partial<Record<PlaceName, PlaceName>> = { certificate: 'home', receive: 'home' }
/** What went wrong is longer to read. */
const TOAST_MILLISECONDS = { good: 5_000, bad: 12_000 } as const

/** What is around every screen: where one is, where one can go, and what the page has to say. */
export function Frame(props: {
  readonly ground: Ground
  readonly place: Place
  readonly children: ComponentChildren
}) {
  const { ground, place } = props
  const { name } = place
  const main = useRef<HTMLElement>(null)
  useEffect(() => (main.current === null ? undefined : keepFocus(main.current)), [])
  useEffect(() => {
    // Whoever listens instead of looking hears where they have come.
    if (main.current !== null) focusScreen(main.current)
    scrollTo(0, 0)
  }, [name, visit.value])
  const back = wayBackOf(place)
  const look = back === null ? 'frame' : 'frame has-back'
  return (
    <div class={look} data-testid="frame" data-place={name}>
      <button type="button" class="button skip" onClick={() => main.current?.focus()}>
        {inLanguage(shellTexts).toContent}
      </button>
      <Rail ground={ground} current={name} back={back} />
      <main class="content" ref={main} tabIndex={-1}>
        <div role="status">{isOnline.value ? null : <Offline />}</div>
        {props.children}
      </main>
      <Toast />
      <ClosesSoon />
      <div role="status">{waitingVersion.value === null ? null : <Update />}</div>
    </div>
  )
}

/** Above the screens and below them; beside them where there is room. */
function Rail(props: {
  readonly ground: Ground
  readonly current: PlaceName
  readonly back: string | null
}) {
  const { ground, current, back } = props
  return (
    <header class="rail">
      <a href={addressOf('home')} class="brand">
        <Mark />
        {inLanguage(shellTexts).appName}
      </a>
      {back === null ? null : <WayBack to={back} />}
      <TopActions ground={ground} current={current} />
      <Tabs current={tabOf[current] ?? current} />
    </header>
  )
}

function Offline() {
  return (
    <Notice testId="offline" icon="offline">
      {inLanguage(shellTexts).offline}
    </Notice>
  )
}

function WayBack({ to }: { readonly to: string }) {
  return (
    <a href={to} class="way-back" data-testid="back">
      <Icon name="back" />
      {inLanguage(shellTexts).back}
    </a>
  )
}

function TopActions(props: { readonly ground: Ground; readonly current: PlaceName }) {
  const text = inLanguage(shellTexts)
  return (
    <div class="top-actions">
      <a
        href={addressOf('settings')}
        class="button quiet"
        data-testid="go-settings"
        aria-current={props.current === 'settings' ? 'page' : undefined}
      >
        <Icon name="gear" />
        <span>{text.settings}</span>
      </a>
      <Button testId="lock" look="quiet" icon="lock" onPress={props.ground.close}>
        {text.lock}
      </Button>
    </div>
  )
}

function Tabs({ current }: { readonly current: PlaceName }) {
  const text = inLanguage(shellTexts)
  return (
    <nav class="tabs" aria-label={text.appName}>
      {tabNames.map((name) => (
        <a
          key={name}
          href={addressOf(name)}
          class={name === 'scan' ? 'middle' : undefined}
          data-testid={`tab-${name}`}
          aria-current={name === current ? 'page' : undefined}
        >
          <Icon name={icons[name]} />
          <span>{text[name]}</span>
        </a>
      ))}
    </nav>
  )
}

function Toast() {
  const shown = toast.value
  useEffect(() => {
    if (shown === null) return
    return after(TOAST_MILLISECONDS[shown.kind], () => (toast.value = null))
  }, [shown])
  return (
    <div class="toast-place" role="status">
      {shown === null ? null : (
        <p class={`toast ${shown.kind}`} data-testid="toast">
          {shown.text}
        </p>
      )}
    </div>
  )
}

function Update() {
  const text = inLanguage(shellTexts)
  return (
    <div class="update" data-testid="update">
      <span>{text.updateReady}</span>
      <span class="update-actions">
        <Button testId="update-later" look="quiet" onPress={() => (waitingVersion.value = null)}>
          {text.updateLater}
        </Button>
        {/* Opened anew in the middle of an act, nobody would know what came of it. */}
        <Button
          testId="update-now"
          look="main"
          disabled={actsUnderWay.value > 0}
          onPress={takeNewVersion}
        >
          {text.updateNow}
        </Button>
      </span>
    </div>
  )
}
