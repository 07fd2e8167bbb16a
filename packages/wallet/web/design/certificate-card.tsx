import { useMemo } from 'preact/hooks'
import type { CardState } from '../home/held-cards.js'
import { homeTexts } from '../texts/home.js'
import { inLanguage } from '../texts/language.js'
import { CARD_GRID, guilloche } from './guilloche.js'

type CardProps = {
  readonly name: string
  readonly issuer: string
  /** 32 bytes that only this wallet knows: `opened.cardHash`. */
  readonly hash: Uint8Array
  readonly state: CardState
  /** One-time copies; of `copies` that came. No `copies`: it has none. */
  readonly left: number
  readonly copies: number
  /** Said at the foot, such as until when it is good. */
  readonly until: string
  /** Where it leads; none: it is only looked at. */
  readonly href?: string
  readonly testId?: string
}

const MOST_PIPS = 20

/** A certificate as a card: its lines are drawn from what only this wallet knows. */
export function CertificateCard(props: CardProps) {
  const text = inLanguage(homeTexts)
  const { left, copies, state, href } = props
  const attributes = {
    class: 'certificate',
    'data-testid': props.testId ?? 'card',
    'data-state': state,
    'data-left': left,
  }
  const content = (
    <>
      <Lines hash={props.hash} />
      <span class="certificate-head">
        <span class="certificate-name">{props.name}</span>
        <br />
        <span class="certificate-issuer">{props.issuer}</span>
      </span>
      {state === 'ready' ? null : <span class="certificate-state">{text.states[state]}</span>}
      <span class="certificate-foot">
        {copies === 0 ? null : (
          <span class="certificate-left">
            <strong>{text.left(left, copies)}</strong>
            {copies > MOST_PIPS ? null : <Pips left={left} copies={copies} />}
          </span>
        )}
        <span class="certificate-until">{props.until}</span>
      </span>
    </>
  )
  return href === undefined ? (
    <div {...attributes}>{content}</div>
  ) : (
    <a {...attributes} href={href}>
      {content}
    </a>
  )
}

function Lines({ hash }: { readonly hash: Uint8Array }) {
  const { bands, rosette } = useMemo(() => guilloche(hash), [hash.join()])
  return (
    <svg
      class="certificate-lines"
      viewBox={`0 0 ${CARD_GRID.width} ${CARD_GRID.height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {bands.map((path) => (
        <path key={path} d={path} />
      ))}
      <path class="rosette" d={rosette} />
    </svg>
  )
}

/** The copies as dots, full ones first. */
function Pips({ left, copies }: { readonly left: number; readonly copies: number }) {
  return (
    <span class="pips" aria-hidden="true">
      {Array.from({ length: copies }, (_, at) => (
        <i key={at} class={at < left ? 'left' : ''} />
      ))}
    </span>
  )
}
