import type { Birthdays } from './minors/birthdays.js'

export type WardParts = { readonly birthdays: Birthdays }

/**
 * Ends what guardians hold about those who came of age; part of every publication. The `exp` of ward
 * certificates does not depend on the birthday, which it would reveal.
 *
 * @returns How many ward certificates were ended.
 */
export function endWardCertificates({ birthdays }: WardParts): Promise<number> {
  return birthdays.keep()
}
