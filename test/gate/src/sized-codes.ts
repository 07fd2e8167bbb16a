import { seededChance } from './chance.js'

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/**
 * A text as long as a gate's codes are, for measuring cameras without a wallet: what counts for
 * reading is how many modules there are, and codes as full of chance as these are the hardest.
 */
export function codeOfLength(letters: number, seed: number): string {
  const chance = seededChance(seed)
  const letter = () => LETTERS[Math.floor(chance.next() * LETTERS.length)] ?? '0'
  return `NC1:${Array.from({ length: letters - 4 }, letter).join('')}`
}

/** Letters that just fill the versions of the gate's codes at error correction L. */
export const fullCodes = {
  'gate pass (12-L)': 535,
  'certificate (19-L)': 1153,
  'ticket (21-L)': 1352,
}
