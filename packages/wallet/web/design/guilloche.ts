/** Lines of a pattern, each a path on the card's grid. */
export type Guilloche = { readonly bands: readonly string[]; readonly rosette: string }

/** The grid a pattern is drawn on: an ID-1 card. */
export const CARD_GRID = { width: 342, height: 216 } as const

const BANDS = 3
const LINES = 9
const STEPS = 44

/**
 * Draws the fine lines of a banknote from a hash: the same hash gives the same lines, another one others.
 * Whoever has not the hash cannot draw them.
 *
 * @param hash - 32 bytes.
 */
export function guilloche(hash: Uint8Array): Guilloche {
  const numbers = unitNumbers(hash)
  const bands = Array.from({ length: BANDS }, (_, band) => bandOf(numbers, band))
  return { bands, rosette: rosetteOf(numbers) }
}

type Numbers = (at: number, from: number, to: number) => number

/** Each byte as a number of a range. */
function unitNumbers(hash: Uint8Array): Numbers {
  return (at, from, to) => from + ((hash[at % hash.length] ?? 0) / 255) * (to - from)
}

/** Lines that run from edge to edge between two waves. */
function bandOf(numbers: Numbers, band: number): string {
  const { width, height } = CARD_GRID
  const first = band * 8
  const middle = height * numbers(first, 0.08, 0.92)
  const wave = (at: number) => {
    const [amplitude, turns, phase] = [
      numbers(first + at, 12, 46),
      numbers(first + at + 1, 0.7, 3.4),
      numbers(first + at + 2, 0, 2 * Math.PI),
    ]
    return (x: number) => amplitude * Math.sin((x / width) * turns * 2 * Math.PI + phase)
  }
  const [upper, lower] = [wave(1), wave(4)]
  const line = (share: number) =>
    pathOf(STEPS, (step) => {
      const x = (step / STEPS) * width
      return [x, middle + upper(x) * (1 - share) + lower(x) * share + (share - 0.5) * 18]
    })
  return Array.from({ length: LINES }, (_, at) => line(at / (LINES - 1))).join('')
}

/** A flower of one line, as a gear on a gear draws it. */
function rosetteOf(numbers: Numbers): string {
  const petals = Math.round(numbers(24, 7, 17))
  const turns = petals % 2 === 0 ? 3 : 2
  const [radius, depth] = [numbers(25, 48, 66), numbers(26, 0.22, 0.46)]
  const [centerX, centerY] = [CARD_GRID.width * numbers(27, 0.7, 0.86), CARD_GRID.height * 0.5]
  const twist = numbers(28, 0, Math.PI)
  const layer = (share: number) =>
    pathOf(petals * 14, (step, steps) => {
      const angle = (step / steps) * 2 * Math.PI * turns
      const swing = Math.sin((angle * petals) / turns + twist * share)
      const far = radius * share * (1 - depth + depth * swing)
      return [centerX + far * Math.cos(angle), centerY + far * Math.sin(angle)]
    })
  return [1, 0.82, 0.64, 0.46].map(layer).join('')
}

function pathOf(
  steps: number,
  point: (step: number, steps: number) => readonly [x: number, y: number],
): string {
  let path = ''
  for (let step = 0; step <= steps; step += 1) {
    const [x, y] = point(step, steps)
    path += `${step === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
  }
  return path
}
