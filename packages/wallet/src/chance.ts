import { randomBytes } from '@netcert/credential/crypto'

const WORD = 2 ** 32

/** A random whole number below `below`, at most 2^32, each as likely as any other. */
export function randomBelow(below: number): number {
  // What lies past the last whole multiple would favour the small numbers: drawn anew.
  const end = WORD - (WORD % below)
  for (;;) {
    const drawn = randomWord()
    if (drawn < end) return drawn % below
  }
}

function randomWord(): number {
  const { buffer, byteOffset } = randomBytes(4)
  return new DataView(buffer, byteOffset).getUint32(0)
}
