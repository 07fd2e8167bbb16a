import '../safety/safety.css'
import './help.css'
import { Facts, Section } from '../design/controls.js'
import { Means } from '../safety/part-page.js'
import type { Ground } from '../shell/ground.js'
import { addressOf } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { helpTexts } from '../texts/help.js'
import { inLanguage } from '../texts/language.js'
import { Folded } from './folded.js'
import { Licences } from './licences-view.js'
import { pageVersion } from './page-version.js'

type Props = { readonly ground: Ground }

/** How it works in six questions, what it is built of, and for whom it is. */
export function HelpPage({ ground }: Props) {
  const text = inLanguage(helpTexts)
  return (
    <div data-testid="help">
      <h1>{text.title}</h1>
      <Questions ground={ground} />
      <About ground={ground} />
      <Access ground={ground} />
      <Section title={text.licencesTitle}>
        <Folded testId="licences" title={text.licencesLead}>
          <Licences ground={ground} />
        </Folded>
      </Section>
    </div>
  )
}

function Questions({ ground }: Props) {
  const text = inLanguage(helpTexts)
  const [issuer, host] = issuerOf(ground)
  const lost = { href: addressOf('safety', { part: 'lost' }), words: text.lostLink }
  const end = { href: addressOf('safety', { part: 'cancel' }), words: text.endLink }
  return (
    <Section title={text.questionsTitle}>
      <Question name="who" title={text.whoTitle} answer={text.who} />
      <Question name="lost" title={text.lostTitle} answer={text.lost} link={lost} />
      <Question name="network" title={text.networkTitle} answer={text.network} />
      <Question name="copies" title={text.copiesTitle} answer={text.copies} />
      <Question name="whom" title={text.whomTitle} answer={text.whom(issuer, host)} />
      <Question name="end" title={text.endTitle} answer={text.end} link={end} />
    </Section>
  )
}

function Question(props: {
  readonly name: string
  readonly title: string
  readonly answer: string
  readonly link?: { readonly href: string; readonly words: string }
}) {
  const { link } = props
  return (
    <Folded testId={`help-${props.name}`} title={props.title}>
      <p>{props.answer}</p>
      {link === undefined ? null : (
        <p>
          <a href={link.href}>{link.words}</a>
        </p>
      )}
    </Folded>
  )
}

function About({ ground }: Props) {
  const text = inLanguage(helpTexts)
  const [issuer, host] = issuerOf(ground)
  const version = useLoaded(ground, pageVersion)
  const rows = [
    [text.issuer, `${issuer} (${host})`],
    [text.root, ground.settings.issuer.root],
    [text.version, (version.state === 'there' ? version.value : null) ?? text.unknownVersion],
  ] as const
  return (
    <Section title={text.aboutTitle}>
      <div class="panel" data-testid="about">
        <Facts rows={rows} />
      </div>
    </Section>
  )
}

function Access({ ground }: Props) {
  const text = inLanguage(helpTexts)
  return (
    <Section title={text.accessTitle}>
      <div class="panel access" data-testid="accessibility">
        <Means words={text.access} />
        <h3>{text.limitsTitle}</h3>
        <Means words={text.limits} />
        <p class="hint">{text.accessContact(...issuerOf(ground))}</p>
      </div>
    </Section>
  )
}

function issuerOf({ settings: { issuer } }: Ground): [name: string, host: string] {
  return [inLanguage(issuer.name), new URL(issuer.baseUrl).host]
}
