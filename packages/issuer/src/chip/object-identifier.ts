import { DER_TAG, type DerElement, malformed } from './der.js'

/**
 * An OBJECT IDENTIFIER, written with dots.
 *
 * @throws IssuerError `chip_malformed` for anything else
 */
export function readObjectIdentifier(element: DerElement | undefined): string {
  if (element?.tag !== DER_TAG.objectIdentifier) throw malformed('an identifier is missing')
  const arcs: number[] = []
  let arc = 0
  for (const byte of element.content) {
    arc = arc * 128 + (byte % 128)
    if (arc > Number.MAX_SAFE_INTEGER / 256) throw malformed('an identifier is too long')
    if (byte >= 128) continue
    arcs.push(arc)
    arc = 0
  }
  const [first = 0, ...rest] = arcs
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...rest].join('.')
}
