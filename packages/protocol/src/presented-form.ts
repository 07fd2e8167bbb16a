import {
  CredentialError,
  credentialLimits,
  type JsonObject,
  memberOf,
  parseJws,
  signatureAlgorithms,
  splitSdJwt,
} from '@netcert/credential'
import type { ProtocolError } from './errors.js'

/** What a form is read by. */
export type PresentedFormRules = {
  /** `netcert_purpose` of the KB-JWT: the presentation can be nothing else. */
  readonly purpose: string
  readonly malformed: (problem: string, cause?: unknown) => ProtocolError
}

/**
 * The presentation a form brings and the claims of its KB-JWT; nothing of it is verified. A
 * presentation that was made for something else is none.
 *
 * @throws ProtocolError that `malformed` makes
 */
export function readPresentedForm(
  members: Readonly<Record<string, unknown>>,
  { purpose, malformed }: PresentedFormRules,
): { readonly presentation: string; readonly binding: JsonObject } {
  const presentation = Object.hasOwn(members, 'presentation') ? members['presentation'] : undefined
  if (typeof presentation !== 'string') throw malformed('it brings no presentation, or several')
  const binding = keyBindingOf(presentation, malformed)
  if (memberOf(binding, 'netcert_purpose') !== purpose) {
    throw malformed('its presentation was made for something else')
  }
  return { presentation, binding }
}

function keyBindingOf(
  presentation: string,
  malformed: PresentedFormRules['malformed'],
): JsonObject {
  try {
    const { keyBindingJwt } = splitSdJwt(presentation, credentialLimits)
    if (keyBindingJwt === null) throw malformed('its presentation is not signed by the holder')
    const { maxDepth } = credentialLimits
    return parseJws(keyBindingJwt, { algorithms: signatureAlgorithms, maxDepth }).payload
  } catch (cause) {
    if (!(cause instanceof CredentialError)) throw cause
    throw malformed('what it brings is no presentation', cause)
  }
}
