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
import { actsUnderWay } from './left-act.js'
import { addressOf, type PlaceName } from './place.js'

const TABS: readonly (readonly [PlaceName & keyof typeof names, IconName])[] = [
  ['home', 'card'],
  ['history', 'history'],
  ['scan', 'scan'],
  ['family', 'family'],
  ['safety', 'shield'],
]
const names = { home: 1, history: 1, scan: 1, family: 1, safety: 1 }
/** Which tab a place belongs to that is no tab itself. */
const tabOf: Partial<Record<PlaceName, PlaceName>> = { certificate: 'home', receive: 'home' }
const TOAST_MILLISECONDS = 5_000

/** What is around every screen: where one is, where one can go, and what the page has to say. */
export function Frame(props: {
  readonly ground: Ground
  readonly current: PlaceName
  readonly children: ComponentChildren
}) {
  const { ground, current } = props
  const text = inLanguage(shellTexts)
  const main = useRef<HTMLElement>(null)
  const toMain = () => main.current?.focus()
  useEffect(() => {
    // Whoever listens instead of looking hears where they have come.
    toMain()
    scrollTo(0, 0)
  }, [current])
  const isTab = TABS.some(([name]) => name === current)
  return (
    <div class={isTab ? 'frame' : 'frame has-back'} data-testid="frame" data-place={current}>
      <button type="button" class="button skip" onClick={toMain}>
        {text.toContent}
      </button>
      <header class="rail">
        <a href={addressOf('home')} class="brand">
          <Mark />
          {text.appName}
        </a>
        {isTab ? null : <WayBack to={tabOf[current] ?? 'home'} />}
        <TopActions ground={ground} current={current} />
        <Tabs current={tabOf[current] ?? current} />
      </header>
      <main class="content" ref={main} tabIndex={-1}>
        {isOnline.value ? null : <Offline />}
        {props.children}
      </main>
      <Toast />
      <ClosesSoon />
      {waitingVersion.value === null ? null : <Update />}
    </div>
  )
}

function Offline() {
  return (
    <Notice testId="offline" icon="offline">
      {inLanguage(shellTexts).offline}
    </Notice>
  )
}

function WayBack({ to }: { readonly to: PlaceName }) {
  return (
    <a href={addressOf(to)} class="way-back" data-testid="back">
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
      {TABS.map(([name, icon]) => (
        <a
          key={name}
          href={addressOf(name)}
          class={name === 'scan' ? 'middle' : undefined}
          data-testid={`tab-${name}`}
          aria-current={name === current ? 'page' : undefined}
        >
          <Icon name={icon} />
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
    return after(TOAST_MILLISECONDS, () => (toast.value = null))
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
    <div class="update" role="status" data-testid="update">
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
