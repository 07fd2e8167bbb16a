import type { Name } from '@peculiar/asn1-x509'

/** A name in a certificate, as far as it is compared. */
export type DistinguishedName = {
  /** Equal for names that are equal under RFC 5280 §7.1, whatever string types they are in. */
  readonly key: string
  /** Two letters, upper case; the empty text where none, or more than one, is named. */
  readonly country: string
}

const COUNTRY_NAME = '2.5.4.6'

/** Brings a name into the form in which names are compared. */
export function distinguishedName(name: Name): DistinguishedName {
  const parts = [...name].map((relative) =>
    [...relative].map(({ type, value }) => ({ type, text: compared(value.toString()) })),
  )
  const countries = parts.flat().filter(({ type }) => type === COUNTRY_NAME)
  const [country, ...others] = countries.map(({ text }) => text.toUpperCase())
  return {
    key: JSON.stringify(parts.map((part) => part.map(({ type, text }) => [type, text]))),
    country: country !== undefined && others.length === 0 && isCode(country) ? country : '',
  }
}

/** Case and the number of spaces tell no names apart. */
const compared = (text: string) =>
  text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()

const isCode = (text: string) => /^[A-Z]{2}$/.test(text)
