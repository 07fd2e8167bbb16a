import { CARD_GRID, guilloche } from './guilloche.js'

/** Bytes that belong to nobody: for drawings that stand for a card. */
const NOBODYS = Uint8Array.from({ length: 32 }, (_, at) => (at * 61 + 23) % 256)
const lines = guilloche(NOBODYS)

/** A card with nothing on it yet. */
export function BlankCardDrawing({ name = 'drawing' }: { readonly name?: string }) {
  const { width, height } = CARD_GRID
  return (
    <svg class={name} viewBox={`-6 -6 ${width + 12} ${height + 12}`} aria-hidden="true">
      <clipPath id="blank-card">
        <rect width={width} height={height} rx="18" />
      </clipPath>
      <g
        clip-path="url(#blank-card)"
        fill="none"
        stroke="currentColor"
        stroke-width="1"
        opacity="0.32"
      >
        {lines.bands.map((path) => (
          <path key={path} d={path} />
        ))}
        <path d={lines.rosette} />
      </g>
      <rect
        width={width}
        height={height}
        rx="18"
        fill="none"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-dasharray="7 7"
      />
    </svg>
  )
}

/** The mark of the wallet: a card in a fold. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect x="2" y="5" width="28" height="22" rx="6" fill="currentColor" />
      <g class="mark-lines" fill="none" stroke-width="1.8" stroke-linecap="round">
        <path d="M7 20c3-7 6-7 9 0s6 7 9 0" />
        <path d="M7 16c3-7 6-7 9 0s6 7 9 0" opacity="0.6" />
      </g>
    </svg>
  )
}
