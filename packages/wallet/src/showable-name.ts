import { isShowableLength } from '@netcert/credential'

/**
 * A name that somebody else chose, if it can stand on a screen: no control characters, nothing that
 * turns the direction of text, and at most 200 graphemes.
 */
export function showableName(name: string | null | undefined): string | null {
  if (name === null || name === undefined) return null
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(name) || !isShowableLength(name) ? null : name
}
