import { lazy } from 'preact/compat'
import { Section } from '../design/controls.js'
import { Choice } from '../design/choice.js'
import { RowLink, Rows } from '../design/rows.js'
import { SureButton } from '../design/sheet.js'
import { appearance, chooseAppearance } from '../shell/appearance.js'
import type { Ground } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { addressOf } from '../shell/place.js'
import { inLanguage } from '../texts/language.js'
import { settingsTexts } from '../texts/settings.js'
import { KeepingSettings } from './keeping-settings.js'
import { LockSettings } from './lock-settings.js'

/** Comes when somebody asks for help. */
const HelpPage = lazy(async () => (await import('./help-page.js')).HelpPage)

/** What can be set; and, as `#/settings?part=help`, what there is to know. */
export function SettingsScreen({ ground, parameters }: ScreenProps) {
  return parameters['part'] === 'help' ? <HelpPage ground={ground} /> : <Settings ground={ground} />
}

function Settings({ ground }: { readonly ground: Ground }) {
  const text = inLanguage(settingsTexts)
  return (
    <div data-testid="settings">
      <h1>{text.title}</h1>
      <Looks ground={ground} />
      <LockSettings ground={ground} />
      <KeepingSettings />
      <Section title={text.about}>
        <Rows>
          <RowLink
            testId="go-help"
            icon="help"
            href={addressOf('settings', { part: 'help' })}
            title={text.help}
            note={text.helpNote}
          />
        </Rows>
      </Section>
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
