import { isOnline } from '@netcert/page/kept-page'
import type { ComponentChildren } from 'preact'
import { BlankCardDrawing } from '../design/drawings.js'
import type { LockRecords } from '../lock/lock-records.js'
import { inLanguage, language } from '../texts/language.js'
import { shellTexts } from '../texts/shell.js'
import { chooseAppearance } from './appearance.js'

/** A page before the wallet is open: one thing in the middle, and nothing around it. */
export function Door(props: {
  readonly testId: string
  readonly title: string
  readonly lead?: string
  /** Where the language is kept; absent: it cannot be chosen here. */
  readonly records?: LockRecords
  readonly children: ComponentChildren
}) {
  const { records } = props
  const text = inLanguage(shellTexts)
  return (
    <main class="door" data-testid={props.testId}>
      <div class="door-middle">
        <BlankCardDrawing name="door-drawing" />
        <h1>{props.title}</h1>
        {props.lead === undefined ? null : <p class="lead">{props.lead}</p>}
        {props.children}
      </div>
      <footer class="door-foot">
        {isOnline.value ? null : <span data-testid="offline">{text.offline}</span>}
        {records === undefined ? null : <Languages records={records} />}
      </footer>
    </main>
  )
}

/** The other language, in itself. */
function Languages({ records }: { readonly records: LockRecords }) {
  const other = language.value === 'en' ? 'zh-CN' : 'en'
  return (
    <button
      type="button"
      class="button quiet"
      lang={other}
      data-testid="other-language"
      onClick={() => void chooseAppearance(records, { language: other })}
    >
      {other === 'en' ? 'English' : '简体中文'}
    </button>
  )
}
