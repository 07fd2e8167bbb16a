import type { ReportableRequest } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Button, Notice } from '../design/controls.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { historyTexts } from '../texts/history.js'
import { inLanguage, language } from '../texts/language.js'
import { agoWord } from '../texts/spoken-times.js'

/** Requests that asked for too much: one tap reports each to the registrar. */
export function GreedyRequests(props: {
  readonly ground: Ground
  readonly requests: readonly ReportableRequest[]
}) {
  const { ground, requests } = props
  return (
    <>
      {requests.map((request) => (
        <Greedy key={request.platformId} ground={ground} request={request} />
      ))}
    </>
  )
}

function Greedy(props: { readonly ground: Ground; readonly request: ReportableRequest }) {
  const text = inLanguage(historyTexts)
  const { ground, request } = props
  const { platformId, name, askedAt, code } = request
  const isBusy = useSignal(false)
  const report = async () => {
    isBusy.value = true
    try {
      await ground.opened.wallet.reportRequest(platformId)
      say(text.reportedNow)
    } catch (error) {
      say(refusalSentence(error).text, 'bad')
    }
    isBusy.value = false
    changed(ground)
  }
  return (
    <Notice kind="warn" testId="greedy" code={code}>
      <p>{text.greedy(name[language.value], agoWord(askedAt, ground.clock()))}</p>
      <Button testId="report" icon="flag" isBusy={isBusy.value} onPress={() => void report()}>
        {isBusy.value ? text.reporting : text.report}
      </Button>
    </Notice>
  )
}
