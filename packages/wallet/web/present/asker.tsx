import type { ShownVerifier } from '@netcert/wallet/rules'
import { Facts, Notice } from '../design/controls.js'
import { inLanguage, language } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'
import { spanWords } from './span-words.js'

/** Who asks: what a registrar vouches for, or that nobody does. */
export function Asker({ verifier }: { readonly verifier: ShownVerifier }) {
  return verifier.accredited === false ? <Unknown verifier={verifier} /> : <Known {...verifier} />
}

function Known({ accredited, host }: ShownVerifier) {
  const text = inLanguage(presentTexts)
  if (accredited === false) return null
  const { name, purpose, retentionSeconds, storesRawClaims, status, nameWarning } = accredited
  const rows = [
    [text.purpose, purpose[language.value]],
    [
      text.keeps,
      retentionSeconds === 0
        ? text.keepsNothing
        : storesRawClaims
          ? text.keepsClaims(spanWords(retentionSeconds, language.value))
          : text.keepsResult(spanWords(retentionSeconds, language.value)),
    ],
    ...(host === null ? [] : [[text.goesTo, host] as const]),
  ] as const
  return (
    <section class="asker" data-testid="asker" data-known="true">
      <h2>{name[language.value]}</h2>
      <p class="registered">{text.registered}</p>
      <Facts rows={rows} />
      {status === 'good' ? null : <Notice kind="warn">{text.statusUnknown}</Notice>}
      {nameWarning === null ? null : <Notice kind="warn">{text.nameWarning}</Notice>}
    </section>
  )
}

function Unknown({ verifier }: { readonly verifier: ShownVerifier }) {
  const text = inLanguage(presentTexts)
  const { host, claimedName, clientId } = verifier
  return (
    <section class="asker" data-testid="asker" data-known="false">
      <h2>{host ?? clientId}</h2>
      {claimedName === null ? null : <p>{text.callsItself(claimedName)}</p>}
      <Notice kind="warn">{text.unregistered}</Notice>
    </section>
  )
}
