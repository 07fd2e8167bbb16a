/**
 * Credential identifiers (OpenID4VCI §6.2): one dataset for each configuration and person, so an
 * identifier is made of its configuration and whose dataset it is. It differs from the configuration
 * alone, so that a request that mixes the two up is noticed.
 */
const OWN = 'own'

/** The identifier of the person's own dataset, or of that of a ward whose opaque name is given. */
export function credentialIdentifier(configurationId: string, dataset: string = OWN): string {
  return `${configurationId}:${dataset}`
}

/** The configuration an identifier of ours belongs to. */
export function configurationOfIdentifier(identifier: string): string {
  const end = identifier.lastIndexOf(':')
  return end < 0 ? identifier : identifier.slice(0, end)
}
