import type { GateColour } from '@netcert/verifier/gate'

/** A shape for each colour, for eyes that do not tell the colours apart: circle, triangle, octagon. */
const signs: Readonly<Record<GateColour, { readonly ground: string; readonly line: string }>> = {
  green: {
    ground: 'M50 4a46 46 0 1 1 0 92 46 46 0 0 1 0-92z',
    line: 'M28 52l15 15 30-33',
  },
  amber: {
    ground:
      'M50 7c3 0 5 1 6.500 4l38 70c3 6 0 11-6.500 11H12c-6.500 0-9.500-5-6.500-11l38-70C45 8 47 7 50 7z',
    line: 'M22 66s10-17 28-17 28 17 28 17-10 17-28 17-28-17-28-17zM50 58a8 8 0 1 1 0 16 8 8 0 0 1 0-16z',
  },
  red: {
    ground: 'M31 4h38l27 27v38L69 96H31L4 69V31z',
    line: 'M33 33l34 34M67 33L33 67',
  },
}

export function VerdictSign({ colour }: { readonly colour: GateColour }) {
  const { ground, line } = signs[colour]
  return (
    <svg class="verdict-sign" viewBox="0 0 100 100" aria-hidden="true">
      <path class="verdict-ground" d={ground} />
      <path class={`verdict-line ${colour}`} d={line} />
    </svg>
  )
}
