/**
 * A name that somebody else chose, if it can stand on a screen: no control characters and nothing
 * that turns the direction of text.
 */
export function showableName(name: string | null | undefined): string | null {
  if (name === null || name === undefined) return null
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(name) ? null : name
}
