import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button, Notice } from '../design/controls.js'
import { Icon, type IconName } from '../design/icon.js'
import { inLanguage } from '../texts/language.js'
import { shellTexts } from '../texts/shell.js'
import { after } from '../clock.js'
import { type Ground, toast } from './ground.js'
import { isOnline, takeNewVersion, waitingVersion } from './kept-page.js'
import { addressOf, type PlaceName } from './place.js'

const TABS: readonly (readonly [PlaceName & keyof typeof names, IconName])[] = [
  ['home', 'card'],
  ['history', 'history'],
  ['scan', 'scan'],
  ['family', 'family'],
  ['safety', 'shield'],
]
const names = { home: 1, history: 1, scan: 1, family: 1, safety: 1 }
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
  // Whoever listens instead of looking hears where they have come.
  useEffect(() => main.current?.focus(), [current])
  return (
    <div class="frame" data-testid="frame" data-place={current}>
      <Top ground={ground} />
      <main class="main" ref={main} tabIndex={-1}>
        {isOnline.value ? null : <Notice testId="offline">{text.offline}</Notice>}
        {props.children}
      </main>
      <Tabs current={current} />
      <Toast />
      {waitingVersion.value === null ? null : <Update />}
    </div>
  )
}

function Top({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(shellTexts)
  return (
    <header class="top">
      <a href={addressOf('home')} class="brand">
        {text.appName}
      </a>
      <div class="top-actions">
        <a href={addressOf('settings')} class="button quiet" data-testid="go-settings">
          <Icon name="gear" />
          <span>{text.settings}</span>
        </a>
        <Button testId="lock" look="quiet" icon="lock" onPress={ground.close}>
          {text.lock}
        </Button>
      </div>
    </header>
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
      <Button testId="update-later" onPress={() => (waitingVersion.value = null)}>
        {text.updateLater}
      </Button>
      <Button testId="update-now" look="main" onPress={takeNewVersion}>
        {text.updateNow}
      </Button>
    </div>
  )
}
