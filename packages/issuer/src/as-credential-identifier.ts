/**
 * Credential identifiers (OpenID4VCI §6.2): one dataset for each configuration and person, so an
 * identifier is made of its configuration. It differs from it, so that a request that mixes the
 * two up is noticed.
 */
const SUFFIX = ':own'

export function credentialIdentifier(configurationId: string): string {
  return configurationId + SUFFIX
}

/** The configuration an identifier of ours belongs to. */
export function configurationOfIdentifier(identifier: string): string {
  return identifier.endsWith(SUFFIX) ? identifier.slice(0, -SUFFIX.length) : identifier
}
