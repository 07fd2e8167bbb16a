import { certificateTypes } from '@netcert/credential'
import type { ShownCertificate, ShownClaim } from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { Button, Notice, Section } from '../design/controls.js'
import { Working } from '../design/states.js'
import type { Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage, language } from '../texts/language.js'
import { claimValue } from './claim-value.js'

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
            {claimsInOrder(shown.value).map((claim) => (
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

/** As their type lists them, whatever order chance put the disclosures in; what is technical stays out. */
function claimsInOrder({ vct, claims }: ShownCertificate): readonly ShownClaim[] {
  const listed = certificateTypes.get(vct)?.claims.map(({ path }) => path.join('.')) ?? []
  const place = ({ path }: ShownClaim) => listed.indexOf(path.join('.'))
  return claims
    .filter((claim) => claim.class !== 'technical')
    .toSorted((one, other) => place(one) - place(other))
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
          claimValue(claim.path, value)
        )}
      </dd>
    </div>
  )
}
