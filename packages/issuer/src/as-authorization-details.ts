import { configurationOfIdentifier, credentialIdentifier } from './as-credential-identifier.js'
import { isWardConfiguration } from './vci-configurations.js'

/** An entry of `authorization_details` as the tokens keep it (OpenID4VCI §5.1.1, §6.2). */
export type CredentialDetail = {
  type: 'openid_credential'
  credential_configuration_id: string
}

export type GrantedDetail = CredentialDetail & {
  credential_identifiers: string[]
}

/**
 * Why an entry of a request is no good, in words for its `error_description`; `undefined` for a
 * good one. Members that are not known are left alone.
 */
export function detailFault(
  detail: Readonly<Record<string, unknown>>,
  options: { readonly configurationIds: readonly string[]; readonly issuer: string },
): string | undefined {
  const id = detail['credential_configuration_id']
  if (typeof id !== 'string') return 'credential_configuration_id is missing'
  if (!options.configurationIds.includes(id)) return 'credential_configuration_id is unknown'
  const locations = detail['locations']
  if (locations === undefined) return undefined
  if (!Array.isArray(locations) || !locations.includes(options.issuer)) {
    return 'locations does not name this credential issuer'
  }
  return undefined
}

/** Configurations that the entries ask for, each once. */
export function detailIds(details: unknown): string[] {
  if (!Array.isArray(details)) return []
  const ids = details.flatMap((detail: unknown) => {
    if (typeof detail !== 'object' || detail === null) return []
    if (!('credential_configuration_id' in detail)) return []
    const id = detail.credential_configuration_id
    return typeof id === 'string' ? [id] : []
  })
  return [...new Set(ids)]
}

/** The entries of a request, read from the parameter; `[]` when there are none or no JSON. */
export function requestedIds(parameter: unknown): string[] {
  if (typeof parameter !== 'string') return []
  try {
    return detailIds(JSON.parse(parameter))
  } catch {
    return []
  }
}

/** What a code keeps of the entries: nothing but what was granted. */
export function keptDetails(ids: readonly string[]): CredentialDetail[] {
  return ids.map((id) => ({ type: 'openid_credential', credential_configuration_id: id }))
}

/**
 * What a token response says of them.
 *
 * @param wards - Identifiers of wards' datasets that the grant brings: without one of them an entry
 *   about wards is left out.
 */
export function grantedDetails(ids: readonly string[], wards: readonly string[]): GrantedDetail[] {
  return ids.flatMap((id) => {
    const identifiers = isWardConfiguration(id)
      ? wards.filter((identifier) => configurationOfIdentifier(identifier) === id)
      : [credentialIdentifier(id)]
    if (identifiers.length === 0) return []
    return [
      {
        type: 'openid_credential',
        credential_configuration_id: id,
        credential_identifiers: identifiers,
      },
    ]
  })
}

/** Entries of a request and of its scope that stand in tokens: those about wards always do. */
export function detailedIds(asked: readonly string[], scope: unknown): string[] {
  const scopes = typeof scope === 'string' ? scope.split(' ') : []
  return [...new Set([...asked, ...scopes.filter(isWardConfiguration)])]
}
