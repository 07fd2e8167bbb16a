import type { ComponentChildren } from 'preact'
import type { RequestPreview, ShownVerifier } from '@netcert/wallet/rules'
import { Notice } from '../design/controls.js'
import { Icon, type IconName } from '../design/icon.js'
import { inLanguage, language } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'
import { Before } from './before.js'
import { PolicyLink } from './policy-link.js'
import { spanWords } from './span-words.js'

/** Who asks: what a registrar vouches for, or that nobody does. */
export function Asker({ preview }: { readonly preview: RequestPreview }) {
  const { verifier } = preview
  const before = <Before preview={preview} />
  return verifier.accredited === false ? (
    <Unknown verifier={verifier}>{before}</Unknown>
  ) : (
    <Known verifier={verifier}>{before}</Known>
  )
}

type Props = { readonly verifier: ShownVerifier; readonly children: ComponentChildren }

function Known({ verifier: { accredited, host }, children }: Props) {
  const text = inLanguage(presentTexts)
  if (accredited === false) return null
  const { name, purpose, retentionSeconds, storesRawClaims, status, nameWarning } = accredited
  const keeps =
    retentionSeconds === 0
      ? text.keepsNothing
      : storesRawClaims
        ? text.keepsClaims(spanWords(retentionSeconds, language.value))
        : text.keepsResult(spanWords(retentionSeconds, language.value))
  return (
    <section class="asker" data-testid="asker" data-known="true">
      <Head icon="shop" name={name[language.value]}>
        <p class="registered">
          <Icon name="shield" size={18} />
          <span>{text.registered}</span>
        </p>
      </Head>
      <p class="purpose">{purpose[language.value]}</p>
      <p class="hint terms">
        <span>{keeps}</span>
        {host === null ? null : <span>{text.goesTo(host)}</span>}
        <PolicyLink address={accredited.privacyPolicy} />
      </p>
      {children}
      {status === 'good' ? null : <Notice kind="warn">{text.statusUnknown}</Notice>}
      {nameWarning === null ? null : <Notice kind="warn">{text.nameWarning}</Notice>}
    </section>
  )
}

function Unknown({ verifier, children }: Props) {
  const text = inLanguage(presentTexts)
  const { host, claimedName, clientId } = verifier
  return (
    <section class="asker" data-testid="asker" data-known="false">
      <Head icon="warning" name={host ?? clientId}>
        {claimedName === null ? null : <p class="hint">{text.callsItself(claimedName)}</p>}
      </Head>
      {children}
      <Notice kind="warn">{text.unregistered}</Notice>
    </section>
  )
}

/** The name under which they are known here, and how. */
function Head(props: {
  readonly icon: IconName
  readonly name: string
  readonly children: ComponentChildren
}) {
  return (
    <div class="asker-head">
      <span class="asker-mark">
        <Icon name={props.icon} size={26} />
      </span>
      <div>
        <h1>{props.name}</h1>
        {props.children}
      </div>
    </div>
  )
}
