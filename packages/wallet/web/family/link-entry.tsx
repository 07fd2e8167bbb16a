import { useSignal } from '@preact/signals'
import { Button, Field, Notice, Section } from '../design/controls.js'
import type { IconName } from '../design/icon.js'
import { Row, Rows } from '../design/rows.js'
import { linkedPlace } from '../reading/scanned-link.js'
import { go, handOver } from '../shell/place.js'
import { familyTexts } from '../texts/family.js'
import { inLanguage } from '../texts/language.js'
import { webLinkOf } from './web-link.js'

/** In the order of their words. */
const kindIcons: readonly IconName[] = ['shop', 'card', 'shield']

/** Where a link comes in that asks for a word. */
export function LinkEntry() {
  const text = inLanguage(familyTexts)
  return (
    <Section title={text.word} lead={text.wordLead}>
      <Rows>
        {text.wordKinds.map(([title, note], at) => (
          <Row key={title} icon={kindIcons[at] ?? 'check'} title={title} note={note} />
        ))}
      </Rows>
      <div class="actions">
        <Button testId="scan-link" look="main" icon="scan" onPress={() => go('scan')}>
          {text.scan}
        </Button>
      </div>
      <TypedLink />
    </Section>
  )
}

function TypedLink() {
  const text = inLanguage(familyTexts)
  const typed = useSignal('')
  const problem = useSignal<'foreign' | URL | null>(null)
  const submit = (event: Event) => {
    event.preventDefault()
    const linked = linkedPlace(typed.value)
    if (linked !== null) return handOver(linked, true)
    problem.value = webLinkOf(typed.value) ?? 'foreign'
  }
  return (
    <form onSubmit={submit}>
      <Field
        testId="link-text"
        label={text.linkLabel}
        kind="text"
        value={typed.value}
        onChange={(value) => {
          typed.value = value
          problem.value = null
        }}
      />
      <Problem problem={problem.value} />
      <div class="actions">
        <Button testId="take-link" submits disabled={typed.value.trim() === ''}>
          {text.go}
        </Button>
      </div>
    </form>
  )
}

/** A web page leads back here by itself; whether to open it is the citizen's to say. */
function Problem({ problem }: { readonly problem: 'foreign' | URL | null }) {
  const text = inLanguage(familyTexts)
  if (problem === null) return null
  if (problem === 'foreign') {
    return (
      <Notice kind="bad" testId="foreign-link">
        {text.foreign}
      </Notice>
    )
  }
  return (
    <Notice testId="web-link">
      <p>{text.openLinkLead}</p>
      <p>
        <a href={problem.href} rel="noreferrer">
          {text.openLink(problem.host)}
        </a>
      </p>
    </Notice>
  )
}
