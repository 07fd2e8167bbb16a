import { Facts, Section } from '../design/controls.js'
import { Choice } from '../design/choice.js'
import { SureButton } from '../design/sheet.js'
import { appearance, chooseAppearance } from '../shell/appearance.js'
import type { Ground } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage } from '../texts/language.js'
import { settingsTexts } from '../texts/settings.js'
import { KeepingSettings } from './keeping-settings.js'
import { LockSettings } from './lock-settings.js'
import { pageVersion } from './page-version.js'

/** What can be set, and what there is to know. */
export function SettingsScreen({ ground }: ScreenProps) {
  const text = inLanguage(settingsTexts)
  return (
    <div data-testid="settings">
      <h1>{text.title}</h1>
      <Looks ground={ground} />
      <LockSettings ground={ground} />
      <KeepingSettings />
      <About ground={ground} />
      <Section title={text.erase} lead={text.eraseLead}>
        <div class="actions">
          <SureButton
            testId="erase"
            icon="erase"
            label={text.erase}
            title={text.eraseTitle}
            lead={text.eraseSure}
            yes={text.eraseYes}
            no={text.eraseNo}
            onYes={() => void ground.eraseAll()}
          />
        </div>
      </Section>
    </div>
  )
}

function Looks({ ground: { records } }: { readonly ground: Ground }) {
  const text = inLanguage(settingsTexts)
  const { language, look } = appearance.value
  return (
    <Section title={text.looks}>
      <div class="panel">
        <Choice
          testId="language"
          label={text.language}
          value={language ?? 'device'}
          options={[
            ['device', text.asDevice],
            ['zh-CN', '简体中文'],
            ['en', 'English'],
          ]}
          onChoose={(chosen) =>
            void chooseAppearance(records, { language: chosen === 'device' ? null : chosen })
          }
        />
        <Choice
          testId="look"
          label={text.look}
          value={look ?? 'device'}
          options={[
            ['device', text.asDevice],
            ['light', text.light],
            ['dark', text.dark],
          ]}
          onChoose={(chosen) =>
            void chooseAppearance(records, { look: chosen === 'device' ? null : chosen })
          }
        />
      </div>
    </Section>
  )
}

function About({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(settingsTexts)
  const { issuer } = ground.settings
  const version = useLoaded(ground, pageVersion)
  const rows = [
    [text.issuer, `${inLanguage(issuer.name)} (${new URL(issuer.baseUrl).host})`],
    [text.root, issuer.root],
    [text.version, (version.state === 'there' ? version.value : null) ?? text.unknownVersion],
  ] as const
  return (
    <Section title={text.about}>
      <div class="panel">
        <Facts rows={rows} />
      </div>
    </Section>
  )
}
