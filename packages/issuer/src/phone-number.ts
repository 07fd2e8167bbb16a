const MAINLAND_MOBILE = /^1\d{10}$/
/** E.164 abroad: country code and subscriber, 8 to 15 digits. */
const INTERNATIONAL = /^\+[1-9]\d{7,14}$/
const SEPARATORS = /[\p{Zs}()-]/gu
const MAINLAND_PREFIX = /^(?:\+86|0086)(?=1\d{10}$)/

export type PhoneReading =
  | { readonly phone: string; readonly normalised: boolean }
  | { readonly refused: true }

/** Reads a mainland mobile number (11 digits) or an international one (`+` and digits). */
export function readPhone(text: string): PhoneReading {
  if (text.length > 40) return { refused: true }
  const phone = text.normalize('NFKC').replace(SEPARATORS, '').replace(MAINLAND_PREFIX, '')
  const foreign = INTERNATIONAL.test(phone) && !phone.startsWith('+86')
  if (!MAINLAND_MOBILE.test(phone) && !foreign) return { refused: true }
  return { phone, normalised: phone !== text }
}
