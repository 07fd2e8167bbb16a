import type { ComponentType } from 'preact'
import { lazy, Suspense } from 'preact/compat'
import { useEffect } from 'preact/hooks'
import { Button, Notice } from '../design/controls.js'
import { Working } from '../design/states.js'
import { HomeScreen } from '../home/home-screen.js'
import { closeWhenIdle } from './auto-lock.js'
import { refillInBackground } from './background.js'
import type { Ground } from './ground.js'
import { place, type PlaceName, visit } from './place.js'
import { Frame } from './frame.js'
import { inLanguage } from '../texts/language.js'
import { shellTexts } from '../texts/shell.js'

/** What every screen is given. */
export type ScreenProps = {
  readonly ground: Ground
  readonly parameters: Readonly<Record<string, string>>
}

/** A part of the wallet whose code comes later; where it does not, a word of that stands in its place. */
const later = (load: () => Promise<ComponentType<ScreenProps>>) =>
  lazy(() => load().catch(() => NotLoaded))

/** Each part of the wallet comes when it is gone to; the service worker has it already. */
const screens: Readonly<Record<PlaceName, ComponentType<ScreenProps>>> = {
  home: HomeScreen,
  certificate: later(
    async () => (await import('../certificates/certificate-screen.js')).CertificateScreen,
  ),
  receive: later(async () => (await import('../receive/receive-screen.js')).ReceiveScreen),
  present: later(async () => (await import('../present/present-screen.js')).PresentScreen),
  scan: later(async () => (await import('../reading/scan-screen.js')).ScanScreen),
  gate: later(async () => (await import('../gate/gate-screen.js')).GateScreen),
  history: later(async () => (await import('../history/history-screen.js')).HistoryScreen),
  family: later(async () => (await import('../family/family-screen.js')).FamilyScreen),
  safety: later(async () => (await import('../safety/safety-screen.js')).SafetyScreen),
  settings: later(async () => (await import('../settings/settings-screen.js')).SettingsScreen),
}

/** The open wallet: a frame, and one of its parts in it. */
export function Opened({ ground }: { readonly ground: Ground }) {
  const { name, parameters } = place.value
  const Screen = screens[name]
  useEffect(() => closeWhenIdle(ground.lock, ground.close), [ground])
  useEffect(() => refillInBackground(ground), [ground])
  return (
    <Frame ground={ground} place={place.value}>
      <Suspense fallback={<Working />}>
        {/* A visit each: an act that somebody went away from is not come back to. */}
        <Screen key={`${name} ${visit.value}`} ground={ground} parameters={parameters} />
      </Suspense>
    </Frame>
  )
}

/** A browser may keep in mind that a script did not come: only a page that is opened anew asks again. */
function NotLoaded() {
  const text = inLanguage(shellTexts)
  return (
    <>
      <Notice kind="bad" testId="not-loaded">
        {text.notLoaded}
      </Notice>
      <div class="actions">
        <Button testId="reopen" look="main" onPress={() => location.reload()}>
          {text.reopen}
        </Button>
      </div>
    </>
  )
}
