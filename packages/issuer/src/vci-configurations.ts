import { GATE_PASS, GUARDIANSHIP, NETWORK_CERTIFICATE, WARD_CERTIFICATE } from '@netcert/credential'
import { type CopyPolicy, copyPolicy } from './copy-policy.js'
import { IssuerError } from './issuer-error.js'

/** What a wallet can ask for by name. The scope has the same name. */
export const CONFIGURATION_IDS = [
  'network-certificate',
  'network-certificate-platform',
  'gate-pass',
  'ward-certificate',
  'guardianship',
] as const
export type ConfigurationId = (typeof CONFIGURATION_IDS)[number]

/** Most copies, and so most key proofs, of one request. */
export const BATCH_SIZE = 10

const policies: Readonly<Record<ConfigurationId, CopyPolicy>> = {
  'network-certificate': copyPolicy(NETWORK_CERTIFICATE, 'one-time'),
  'network-certificate-platform': copyPolicy(NETWORK_CERTIFICATE, 'platform'),
  'gate-pass': copyPolicy(GATE_PASS, 'one-time'),
  'ward-certificate': copyPolicy(WARD_CERTIFICATE, 'platform'),
  guardianship: copyPolicy(GUARDIANSHIP, 'one-time'),
}

/** Whether the issuer has a configuration of that name. */
export function isConfigurationId(value: string): value is ConfigurationId {
  return (CONFIGURATION_IDS as readonly string[]).includes(value)
}

/** What one configuration mints. */
export function configurationPolicy(id: ConfigurationId): CopyPolicy {
  return policies[id]
}

/**
 * Whether a configuration is about a ward and its copies are held by a guardian. Such a one is asked
 * for by `credential_identifier` only: of several wards the configuration alone would name none.
 */
export function isWardConfiguration(id: string): boolean {
  return isConfigurationId(id) && policies[id].holder === 'guardian'
}

/** @throws IssuerError `type_unknown` for a configuration this issuer does not have. */
export function assertConfigurationIds(ids: readonly string[]): readonly ConfigurationId[] {
  const known = ids.filter(isConfigurationId)
  if (known.length > 0 && known.length === ids.length && new Set(ids).size === ids.length) {
    return known
  }
  throw new IssuerError(
    'type_unknown',
    `There are these configurations: ${CONFIGURATION_IDS.join(', ')}; name one or more, each once.`,
  )
}
