import type { GatePreview, ShownAccreditation } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Button } from '../design/controls.js'
import { Refusal } from '../design/refusal.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { go } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { gateTexts } from '../texts/gate.js'
import { inLanguage } from '../texts/language.js'
import { gateRefusal } from './refusal-words.js'
import { Venue } from './venue.js'
import { GateWithheld } from './withheld.js'

type Props = {
  readonly ground: Ground
  readonly error: unknown
  /** What was known of the gate by then. */
  readonly preview: GatePreview | null
}

/** Why there is no code, that nothing was used, and what helps. */
export function GateRefusal({ ground, error, preview }: Props) {
  const text = inLanguage(gateTexts)
  const { code, text: sentence } = gateRefusal(error)
  const known = preview === null ? false : preview.verifier.accredited
  return (
    <section class="gate-end" data-testid="gate-refusal" data-code={code}>
      {preview === null || known === false ? (
        <h1>{text.failedTitle}</h1>
      ) : (
        <Venue verifier={preview.verifier} />
      )}
      <Refusal code={code} text={sentence} />
      <p class="lead">{text.nothingUsed}</p>
      {preview === null ? null : <GateWithheld preview={preview} />}
      {code === 'copies_used_up' ? <Refill ground={ground} /> : null}
      {known === false ? null : <Report ground={ground} accredited={known} />}
      <p class="hint">{text.askStaff}</p>
      <div class="actions">
        <Button testId="scan-again" look="main" icon="scan" onPress={() => go('scan')}>
          {text.scanAgain}
        </Button>
        {code === 'query_unanswered' ? (
          <Button testId="gate-receive" onPress={() => go('receive')}>
            {text.receive}
          </Button>
        ) : null}
        <Button testId="gate-home" onPress={() => go('home')}>
          {text.home}
        </Button>
      </div>
    </section>
  )
}

/** More passes, where there is a network: the citizen says so, for the issuer can tell. */
function Refill({ ground }: Pick<Props, 'ground'>) {
  const text = inLanguage(gateTexts)
  const isBusy = useSignal(false)
  const refill = async () => {
    isBusy.value = true
    const reports = await ground.opened.wallet.refill().catch(() => [])
    isBusy.value = false
    changed(ground)
    const came = reports.some(({ kind }) => kind === 'received')
    say(came ? text.refilled : text.notRefilled, came ? 'good' : 'bad')
  }
  return (
    <div class="panel">
      <p class="hint">{text.refillLearns}</p>
      <Button testId="gate-refill" isBusy={isBusy.value} onPress={() => void refill()}>
        {isBusy.value ? text.refilling : text.refill}
      </Button>
    </div>
  )
}

/** One tap, where the request was kept as one that asks too much. */
function Report(props: { readonly ground: Ground; readonly accredited: ShownAccreditation }) {
  const text = inLanguage(gateTexts)
  const { ground, accredited } = props
  const { wallet } = ground.opened
  const kept = useLoaded(ground, () => wallet.reports.reportable())
  const isBusy = useSignal(false)
  const { platformId } = accredited
  const isKept = kept.state === 'there' && kept.value.some((it) => it.platformId === platformId)
  if (!isKept) return null
  const report = async () => {
    isBusy.value = true
    const sent = await wallet.reportRequest(platformId).then(
      () => true,
      () => false,
    )
    isBusy.value = false
    changed(ground)
    say(sent ? text.reported : text.reportLater, sent ? 'good' : 'bad')
  }
  return (
    <Button testId="gate-report" icon="flag" isBusy={isBusy.value} onPress={() => void report()}>
      {text.report}
    </Button>
  )
}
