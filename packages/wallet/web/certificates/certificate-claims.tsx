import type { ShownClaim } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Button, Notice, Section } from '../design/controls.js'
import { Working } from '../design/states.js'
import type { Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage, language } from '../texts/language.js'
import { claimWord } from './claim-word.js'

/** What is in a certificate: names first, values when asked for. */
export function CertificateClaims({
  ground,
  id,
}: {
  readonly ground: Ground
  readonly id: string
}) {
  const text = inLanguage(homeTexts)
  const isShown = useSignal(false)
  const { value: reveal } = isShown
  const shown = useLoaded(ground, () => ground.opened.wallet.show(id, { reveal }), [id, reveal])
  return (
    <Section title={text.contents} lead={text.contentsLead}>
      {shown.state === 'loading' ? <Working /> : null}
      {shown.state === 'failed' ? <Notice testId="claims-gone">{text.claimsGone}</Notice> : null}
      {shown.state === 'there' ? (
        <>
          <dl class="facts panel" data-testid="claims">
            {shown.value.claims
              .filter((claim) => claim.class !== 'technical')
              .map((claim) => (
                <ClaimView key={claim.path.join('.')} claim={claim} />
              ))}
          </dl>
          <div class="actions">
            <Button
              testId="reveal"
              icon={reveal ? 'hidden' : 'eye'}
              onPress={() => (isShown.value = !reveal)}
            >
              {reveal ? text.hide : text.show}
            </Button>
          </div>
        </>
      ) : null}
    </Section>
  )
}

function ClaimView({ claim }: { readonly claim: ShownClaim }) {
  const text = inLanguage(homeTexts)
  const { value } = claim
  return (
    <div data-path={claim.path.join('.')}>
      <dt>{claim.label[language.value]}</dt>
      <dd class="figures">
        {value === undefined ? (
          <span class="hint">{text.classes[claim.class]}</span>
        ) : (
          claimWord(value, language.value, text)
        )}
      </dd>
    </div>
  )
}
