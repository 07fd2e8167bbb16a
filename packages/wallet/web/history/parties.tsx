import type { HeldPlatform } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Facts, Notice } from '../design/controls.js'
import { SureButton } from '../design/sheet.js'
import { Working } from '../design/states.js'
import { refusalSentence } from '../errors/refusal-sentence.js'
import { changed, type Ground, say } from '../shell/ground.js'
import { historyTexts } from '../texts/history.js'
import { inLanguage, language } from '../texts/language.js'
import { timeWord } from '../texts/spoken-dates.js'
import { numberWord } from '../texts/spoken-times.js'
import { deletionWord, partyName, untilWord } from './party-words.js'
import type { Party } from './who-knows.js'

/** Everybody who got something, each with what can be asked of them. */
export function Parties(props: {
  readonly ground: Ground
  readonly parties: readonly Party[]
  readonly platforms: readonly HeldPlatform[]
}) {
  const { ground, parties, platforms } = props
  return (
    <div data-testid="parties">
      {parties.map((party) => (
        <PartyPanel
          key={party.key}
          ground={ground}
          party={party}
          canForget={platforms.some((it) => isAbout(it, party))}
        />
      ))}
    </div>
  )
}

function isAbout({ platformId, ward, accreditation }: HeldPlatform, party: Party): boolean {
  const isIts = platformId === party.platform?.id && ward === (party.ward?.id ?? null)
  return isIts && accreditation !== null
}

function PartyPanel(props: {
  readonly ground: Ground
  readonly party: Party
  readonly canForget: boolean
}) {
  const text = inLanguage(historyTexts)
  const { ground, party, canForget } = props
  const { platform, claims, times, last, deletion } = party
  const rows = [
    ...(platform === null ? [] : [[text.purpose, platform.purpose[language.value]] as const]),
    [text.until, untilWord(platform, last, ground.clock())] as const,
    [text.times, text.timesWords(numberWord(times), timeWord(last))] as const,
    ...(deletion === null ? [] : [[text.deletion, deletionWord(deletion)] as const]),
  ]
  return (
    <section class="panel history-party" data-testid="party" data-key={party.key}>
      <h2>{partyName(party)}</h2>
      <ul class="history-claims" aria-label={text.knows}>
        {claims.map(({ key, claim, state }) => (
          <li key={key} class={`${claim.class} ${state}`}>
            {claim.label[language.value]}
            {state === 'kept' ? null : <small>{text.states[state]}</small>}
          </li>
        ))}
      </ul>
      <Facts rows={rows} />
      {deletion === null || deletion.reason === null ? null : (
        <p class="hint">{text.reason(deletion.reason[language.value])}</p>
      )}
      {deletion?.isLate === true ? <Notice kind="warn">{text.late}</Notice> : null}
      {canForget ? <Forget ground={ground} party={party} /> : <CannotForget party={party} />}
    </section>
  )
}

function CannotForget({ party }: { readonly party: Party }) {
  const text = inLanguage(historyTexts)
  const hasNumber = party.claims.some(({ claim }) => claim.class === 'number')
  // Who got a number and proved that it is gone has nothing to be asked for.
  return hasNumber ? null : <p class="hint">{text.cannotForget}</p>
}

function Forget({ ground, party }: { readonly ground: Ground; readonly party: Party }) {
  const text = inLanguage(historyTexts)
  const isBusy = useSignal(false)
  const { platform, ward } = party
  if (platform === null) return null
  const forget = async () => {
    isBusy.value = true
    try {
      const deletion = await ground.opened.wallet.forgetPlatform(platform.id, ward?.id)
      say(deletionWord(deletion), deletion.state === 'refused' ? 'bad' : 'good')
    } catch (error) {
      say(refusalSentence(error).text, 'bad')
    }
    isBusy.value = false
    changed(ground)
  }
  const name = partyName(party)
  return isBusy.value ? (
    <Working>{text.forgetting}</Working>
  ) : (
    <div class="actions">
      <SureButton
        testId="forget"
        icon="erase"
        label={text.forget}
        title={text.forgetTitle(name)}
        lead={text.forgetLead}
        yes={text.forgetYes}
        no={text.forgetNo}
        onYes={() => void forget()}
      />
    </div>
  )
}
