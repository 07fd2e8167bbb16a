import './put-off.css'
import type { PutOffCertificate } from '@netcert/wallet/rules'
import { SureButton } from '../design/sheet.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { refills } from '../shell/background.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage } from '../texts/language.js'
import { timeWord } from '../texts/spoken-dates.js'
import { configurationName } from './home-news.js'

/** What issuers put off: cards that are not there yet. */
export function PutOffCards({ ground }: { readonly ground: Ground }) {
  // Each look for them sets a new time.
  const list = useLoaded(ground, () => ground.opened.putOff.list(), [refills.value])
  if (list.state !== 'there' || list.value.length === 0) return null
  return (
    <ul class="put-off-cards" data-testid="put-off">
      {list.value.map((certificate) => (
        <PutOffCard key={certificate.id} ground={ground} certificate={certificate} />
      ))}
    </ul>
  )
}

function PutOffCard(props: { readonly ground: Ground; readonly certificate: PutOffCertificate }) {
  const text = inLanguage(homeTexts)
  const { ground, certificate } = props
  const { id, configurationId, retryAt, isFirst } = certificate
  const name = configurationName(configurationId)
  const stop = async () => {
    try {
      const stopped = await ground.opened.putOff.stopWaiting(id)
      say(stopped ? text.stoppedWaiting : text.askedJustNow, stopped ? 'good' : 'bad')
    } catch (error) {
      say(refusalSentence(error).text, 'bad')
    }
    changed(ground)
  }
  return (
    <li class="put-off-card" data-testid="put-off-card">
      <strong>{name}</strong>
      <p class="hint">{text.deferred(timeWord(retryAt))}</p>
      {isFirst ? (
        <SureButton
          testId="stop-waiting"
          label={text.stopWaiting}
          title={text.stopWaitingTitle(name)}
          lead={text.stopWaitingLead}
          yes={text.stopWaiting}
          no={text.goOnWaiting}
          onYes={() => void stop()}
        />
      ) : null}
    </li>
  )
}
