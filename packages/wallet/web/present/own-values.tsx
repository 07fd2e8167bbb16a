import './own-values.css'
import type {
  IdentityClaim,
  RequestPreview,
  ShownCertificate,
  ShownClaim,
  Wallet,
} from '@netcert/wallet/rules'
import { useSignal } from '@preact/signals'
import { claimValue } from '../certificates/claim-value.js'
import { Button, Notice } from '../design/controls.js'
import { Working } from '../design/states.js'
import type { Ground } from '../shell/ground.js'
import { useLoaded } from '../shell/use-loaded.js'
import { inLanguage, language } from '../texts/language.js'
import { presentTexts } from '../texts/present.js'

type Props = {
  readonly ground: Ground
  readonly preview: Pick<RequestPreview, 'identity' | 'ward'>
}

/**
 * What plain identity would say, before it is agreed to: it is the citizen's own. Hidden until asked for,
 * for somebody may look over the shoulder.
 */
export function OwnValues({ ground, preview }: Props) {
  const text = inLanguage(presentTexts)
  const isShown = useSignal(false)
  return (
    <div class="own-values">
      <Button
        testId="own-values"
        look="quiet"
        icon={isShown.value ? 'hidden' : 'eye'}
        onPress={() => (isShown.value = !isShown.value)}
      >
        {isShown.value ? text.hideValues : text.showValues}
      </Button>
      {isShown.value ? <Values ground={ground} preview={preview} /> : null}
    </div>
  )
}

function Values({ ground, preview }: Props) {
  const text = inLanguage(presentTexts)
  const { identity, ward } = preview
  const found = useLoaded(ground, () => valuesOf(ground.opened.wallet, identity, ward?.id ?? null))
  if (found.state === 'loading') return <Working />
  if (found.state === 'failed' || found.value.length === 0) {
    return <Notice testId="no-values">{text.noValues}</Notice>
  }
  return (
    <dl class="facts panel" data-testid="values">
      {found.value.map(({ path, label, value }) => (
        <div key={path.join('.')} data-path={path.join('.')}>
          <dt>{label[language.value]}</dt>
          <dd class="figures">{value === undefined ? '—' : claimValue(path, value)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The claims of what is held, newest first: every copy of one person says the same. */
async function valuesOf(
  wallet: Wallet,
  identity: readonly IdentityClaim[],
  ward: string | null,
): Promise<readonly ShownClaim[]> {
  const types = new Set(identity.map(({ vct }) => vct))
  for (const held of await wallet.list()) {
    if (!types.has(held.vct) || held.ward !== ward) continue
    // All of these may be used up, and there may be others.
    const shown = await wallet.show(held.id, { reveal: true }).catch(() => null)
    if (shown !== null) return identity.flatMap((asked) => claimOf(shown, asked))
  }
  return []
}

/** In the order in which they are asked for, whatever order chance put the disclosures in. */
function claimOf({ claims }: ShownCertificate, { path }: IdentityClaim): readonly ShownClaim[] {
  return claims.filter((claim) => claim.path.join() === path.join())
}
