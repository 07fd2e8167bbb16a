import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { WardHolding } from '@netcert/wallet/rules'
import { Button, Section } from '../design/controls.js'
import { RowLink, Rows } from '../design/rows.js'
import { Empty, Failed, Working } from '../design/states.js'
import { changed } from '../shell/ground.js'
import type { ScreenProps } from '../shell/opened.js'
import { addressOf, go, goInstead } from '../shell/place.js'
import { useLoaded } from '../shell/use-loaded.js'
import { familyTexts } from '../texts/family.js'
import { inLanguage } from '../texts/language.js'
import { LinkEntry } from './link-entry.js'
import { takeUpLink, type VouchTalk } from './vouch-talk.js'
import { Vouching } from './vouching.js'
import { WardPage } from './ward-page.js'
import { wardState } from './ward-state.js'
import { childWord } from './child-word.js'

/** Children, one of them (`#/family?ward=…`), and a link that asks for a word (`#/family?link=…`). */
export function FamilyScreen({ ground, parameters }: ScreenProps) {
  const talk = useSignal<VouchTalk | null>(null)
  const { link, ward } = parameters
  useEffect(() => {
    if (link === undefined) return
    talk.value?.leave()
    talk.value = takeUpLink(ground.opened.wallet, link)
    // A link is taken up once: going back, or opening the page again, signs nothing again.
    goInstead('family')
  }, [link])
  useEffect(() => {
    // Somebody went to a child instead: that is no word for anybody.
    if (ward === undefined) return
    talk.value?.leave()
    talk.value = null
  }, [ward])
  useEffect(() => () => talk.value?.leave(), [])
  const held = useLoaded(ground, () => ground.opened.wallet.wards.holdings())
  if (talk.value !== null) {
    const { stage, leave } = talk.value
    const close = () => {
      leave()
      talk.value = null
    }
    return <Vouching ground={ground} stage={stage.value} onClose={close} />
  }
  if (held.state === 'loading') return <Working />
  if (held.state === 'failed') return <Failed error={held.error} onAgain={() => changed(ground)} />
  const found = held.value.find(({ id }) => id === ward)
  if (found !== undefined) return <WardPage key={found.id} ground={ground} holding={found} />
  return <Children holdings={held.value} />
}

function Children({ holdings }: { readonly holdings: readonly WardHolding[] }) {
  const text = inLanguage(familyTexts)
  return (
    <div data-testid="family">
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {holdings.length === 0 ? (
        <Empty testId="no-children" title={text.none} lead={text.noneLead}>
          <Button testId="get-ward" icon="plus" onPress={() => go('receive')}>
            {text.get}
          </Button>
        </Empty>
      ) : (
        <Section title={text.children}>
          <Rows testId="children">
            {holdings.map((holding) => (
              <RowLink
                key={holding.id}
                testId="child"
                icon="family"
                href={addressOf('family', { ward: holding.id })}
                title={childWord(holding.label)}
                note={text.states[wardState(holding)]}
                {...(holding.pause === null ? {} : { end: text.paused })}
              />
            ))}
          </Rows>
        </Section>
      )}
      <LinkEntry />
    </div>
  )
}
