import { certificateTypes } from '@netcert/credential'
import type { RenewalReport } from '@netcert/wallet/rules'
import { useEffect } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { Notice } from '../design/controls.js'
import { refills } from '../shell/background.js'
import type { Ground } from '../shell/ground.js'
import { addressOf } from '../shell/place.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage, language } from '../texts/language.js'

/** What the wallet did by itself, what it could not do, and what the browser did not promise. */
export function HomeNews(props: { readonly ground: Ground; readonly hasCards: boolean }) {
  const text = inLanguage(homeTexts)
  const { renewals, deferred } = refills.value
  const told = { ended: text.ended, failed: text.refillFailed } as const
  return (
    <>
      {deferred.map((report) =>
        report.kind === 'ended' ? (
          <Notice key={report.configurationId} kind="warn" testId="news-not-coming">
            {text.notComing(configurationName(report.configurationId), report.code)}
          </Notice>
        ) : null,
      )}
      {renewals.filter(isTold).map(({ kind, configurationId }) =>
        kind === 'ended' || kind === 'failed' ? (
          <Notice key={configurationId} kind="warn" testId={`news-${kind}`}>
            {told[kind](configurationName(configurationId))}
          </Notice>
        ) : null,
      )}
      {props.hasCards ? <NotPersisted /> : null}
    </>
  )
}

/** That nothing comes during a pause is no news: the home screen says that it stands. */
const isTold = (report: RenewalReport) =>
  report.kind !== 'failed' || report.code !== 'certificates_paused'

/**
 * Certificates are offered under the last part of their type's name. Any other identifier is the issuer's
 * text: what cannot be seen in it does not stand here.
 */
export function configurationName(configurationId: string): string {
  const found = [...certificateTypes].find(([vct]) => vct.includes(`:${configurationId}:`))
  return found?.[1].name[language.value] ?? configurationId.replaceAll(/[^\x21-\x7e]/g, '·')
}

function NotPersisted() {
  const text = inLanguage(homeTexts)
  const isKept = useSignal(true)
  useEffect(() => {
    const asking = navigator.storage?.persisted?.() ?? Promise.resolve(false)
    void asking.then((kept) => (isKept.value = kept))
  }, [])
  if (isKept.value) return null
  return (
    <Notice kind="warn" testId="not-persisted">
      <strong>{text.persistTitle}</strong>
      <p>
        {text.persistLead} <a href={addressOf('settings')}>{text.persistMore}</a>
      </p>
    </Notice>
  )
}
