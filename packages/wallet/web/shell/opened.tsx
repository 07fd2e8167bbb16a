import type { ComponentType } from 'preact'
import { lazy, Suspense } from 'preact/compat'
import { useEffect } from 'preact/hooks'
import { Working } from '../design/states.js'
import { HomeScreen } from '../home/home-screen.js'
import { closeWhenIdle } from './auto-lock.js'
import { refillInBackground } from './background.js'
import type { Ground } from './ground.js'
import { place, type PlaceName, visit } from './place.js'
import { Frame } from './frame.js'

/** What every screen is given. */
export type ScreenProps = {
  readonly ground: Ground
  readonly parameters: Readonly<Record<string, string>>
}

/** Each part of the wallet comes when it is gone to; the service worker has it already. */
const screens: Readonly<Record<PlaceName, ComponentType<ScreenProps>>> = {
  home: HomeScreen,
  certificate: lazy(
    async () => (await import('../certificates/certificate-screen.js')).CertificateScreen,
  ),
  receive: lazy(async () => (await import('../receive/receive-screen.js')).ReceiveScreen),
  present: lazy(async () => (await import('../present/present-screen.js')).PresentScreen),
  scan: lazy(async () => (await import('../reading/scan-screen.js')).ScanScreen),
  gate: lazy(async () => (await import('../gate/gate-screen.js')).GateScreen),
  history: lazy(async () => (await import('../history/history-screen.js')).HistoryScreen),
  family: lazy(async () => (await import('../family/family-screen.js')).FamilyScreen),
  safety: lazy(async () => (await import('../safety/safety-screen.js')).SafetyScreen),
  settings: lazy(async () => (await import('../settings/settings-screen.js')).SettingsScreen),
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
