import type { CertificateSummary, RenewalReport } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Button, Facts, Notice, Section } from '../design/controls.js'
import { SureButton } from '../design/sheet.js'
import { Failed, Working } from '../design/states.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { heldCards } from '../home/held-cards.js'
import { HeldCardView } from '../home/home-screen.js'
import { changed, type Ground, say } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { goInstead } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage } from '../texts/language.js'
import { pauseTexts } from '../texts/pause.js'
import { timeWord } from '../texts/spoken-dates.js'
import { CertificateClaims } from './certificate-claims.js'
import { pausedWord } from './paused-word.js'
import { typeName } from './type-name.js'
import { WrongData } from './wrong-data.js'

/** One certificate: what it is, how much of it is left, what is in it, and its end. */
export function CertificateScreen({ ground, parameters }: ScreenProps) {
  const text = inLanguage(homeTexts)
  const { id = '' } = parameters
  const list = useLoaded(ground, () => ground.opened.wallet.list(), [id])
  if (list.state === 'loading') return <Working />
  if (list.state === 'failed') {
    return <Failed error={list.error} onAgain={() => changed(ground)} />
  }
  const certificate = list.value.find((it) => it.id === id)
  if (certificate === undefined) {
    return <Notice testId="certificate-unknown">{text.unknown}</Notice>
  }
  const { vct, ward, issuer, kind } = certificate
  const [card] = heldCards(
    list.value.filter((it) => it.vct === vct && it.ward === ward && it.issuer === issuer),
  )
  const remaining =
    kind === 'platform' ? text.platform : text.oneTime(card?.left ?? 0, card?.copies ?? 0)
  return (
    <div data-testid="certificate" data-id={id}>
      <h1>{typeName(vct)}</h1>
      <div class="certificate-shown">
        {card === undefined ? null : <HeldCardView ground={ground} card={card} />}
      </div>
      {card === undefined || card.paused === null ? null : (
        <Notice kind="warn" icon="pause" testId="certificate-paused">
          {pausedWord(card.paused)}
        </Notice>
      )}
      <About {...{ ground, certificate, remaining }} platforms={card?.platforms ?? 0} />
      <CertificateClaims ground={ground} id={id} />
      <WrongData ground={ground} />
      <Refill ground={ground} name={typeName(vct)} />
      <Forget ground={ground} id={id} />
    </div>
  )
}

function About(props: {
  readonly ground: Ground
  readonly certificate: CertificateSummary
  readonly remaining: string
  readonly platforms: number
}) {
  const text = inLanguage(homeTexts)
  const { receivedAt, issuedAt, expiresAt } = props.certificate
  const rows = [
    [text.ofIssuer, inLanguage(props.ground.settings.issuer.name)],
    [text.received, timeWord(receivedAt)],
    [text.issued, timeWord(issuedAt)],
    [text.expires, timeWord(expiresAt)],
    [text.remaining, props.remaining],
  ] as const
  return (
    <div class="panel">
      <Facts rows={rows} />
      {props.platforms === 0 ? null : <p class="hint">{text.forPlatforms(props.platforms)}</p>}
    </div>
  )
}

const isPaused = (report: RenewalReport) =>
  report.kind === 'failed' && report.code === 'certificates_paused'

function Refill({ ground, name }: { readonly ground: Ground; readonly name: string }) {
  const text = inLanguage(homeTexts)
  const isBusy = useSignal(false)
  const refill = async () => {
    isBusy.value = true
    try {
      const { wallet } = ground.opened
      await wallet.pollDeferred()
      const reports = await wallet.refill()
      const hasCome = reports.some(({ kind }) => kind === 'received')
      if (reports.some(isPaused)) say(inLanguage(pauseTexts).notRefilled, 'bad')
      else if (reports.some(({ kind }) => kind === 'failed')) say(text.refillFailed(name), 'bad')
      else say(hasCome ? text.refilled(name) : text.nothingDue)
    } catch (error) {
      say(refusalSentence(error).text, 'bad')
    } finally {
      isBusy.value = false
      changed(ground)
    }
  }
  return (
    <Section title={text.remaining} lead={text.refillLead}>
      <div class="actions">
        <Button testId="refill" isBusy={isBusy.value} onPress={() => void refill()}>
          {isBusy.value ? text.refilling : text.refill}
        </Button>
      </div>
    </Section>
  )
}

function Forget({ ground, id }: { readonly ground: Ground; readonly id: string }) {
  const text = inLanguage(homeTexts)
  const forget = async () => {
    try {
      await ground.opened.wallet.forget(id)
      say(text.forgotten)
      goInstead('home')
    } catch (error) {
      say(refusalSentence(error).text, 'bad')
    } finally {
      changed(ground)
    }
  }
  return (
    <section class="section">
      <SureButton
        testId="forget"
        icon="erase"
        label={text.forget}
        title={text.forgetTitle}
        lead={text.forgetLead}
        yes={text.forgetYes}
        no={text.forgetNo}
        onYes={() => void forget()}
      />
    </section>
  )
}
