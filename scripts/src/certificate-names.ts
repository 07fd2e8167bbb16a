import { InvalidArgumentError } from 'commander'
import { closest } from './choices.js'

/** Short names of the certificate types on the command line. */
const names: Readonly<Record<string, string>> = {
  'network-certificate': 'urn:netcert:network-certificate:1',
  'gate-pass': 'urn:netcert:gate-pass:1',
  'ward-certificate': 'urn:netcert:ward-certificate:1',
  guardianship: 'urn:netcert:guardianship:1',
}

/** The `vct` of a short name or of itself. */
export function certificateTypeNamed(given: string): string {
  const vct = Object.values(names).find((known) => known === given) ?? names[given]
  if (vct !== undefined) return vct
  const near = closest(given, Object.keys(names))
  const meant = near === undefined ? '' : `Did you mean ${near}? `
  throw new InvalidArgumentError(`${meant}It is one of: ${Object.keys(names).join(', ')}.`)
}

/** The short name of a `vct`, or the `vct` itself where it has none. */
export function shortTypeName(vct: string): string {
  return Object.entries(names).find(([, known]) => known === vct)?.[0] ?? vct
}
