import type { PlaceName } from '../shell/place.js'

/** What a code, a link or a pasted text is for. */
export type LinkedPlace = {
  readonly name: Extract<PlaceName, 'receive' | 'present' | 'gate' | 'family'>
  readonly parameters: Readonly<Record<string, string>>
}

const OFFER = /^(openid-credential-offer|haip-vci):/i
const REQUEST = /^(openid4vp|haip-vp|eudi-openid4vp):/i
const GUARDIAN = /^netcert-(guardian|recovery)[\w-]*:/i
const CHALLENGE = /^NCC1:/

/**
 * Where in the wallet a text leads. A web link is one of this page (`…#/present?…`), or has the members of
 * an offer or a request in its query.
 *
 * @returns null for what is none of the wallet's
 */
export function linkedPlace(given: string): LinkedPlace | null {
  const text = given.trim()
  if (CHALLENGE.test(text)) return { name: 'gate', parameters: { challenge: text } }
  if (OFFER.test(text)) return { name: 'receive', parameters: { offer: text } }
  if (REQUEST.test(text)) return { name: 'present', parameters: { request: text } }
  if (GUARDIAN.test(text)) return { name: 'family', parameters: { link: text } }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  return placeOfUrl(new URL(text), text)
}

function placeOfUrl({ hash, searchParams }: URL, text: string): LinkedPlace | null {
  const inner = /^#\/(?:receive|present|gate|family)\?(.*)$/.exec(hash)
  if (inner !== null) {
    const parameters = new URLSearchParams(inner[1])
    const carried = ['offer', 'request', 'challenge', 'link'].map((name) => parameters.get(name))
    const nested = carried.find((it) => it !== null) ?? null
    // Once: a link within a link within a link is nobody's.
    return nested === null || /^https?:/i.test(nested) ? null : linkedPlace(nested)
  }
  if (searchParams.has('credential_offer') || searchParams.has('credential_offer_uri')) {
    return { name: 'receive', parameters: { offer: text } }
  }
  const asks = searchParams.has('request_uri') || searchParams.has('request')
  return asks ? { name: 'present', parameters: { request: text } } : null
}
