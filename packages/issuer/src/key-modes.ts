import { certificateTypes, NETWORK_CERTIFICATE } from '@netcert/credential'
import type { IssuerConfig, KeyMode } from './config.js'
import { COPY_POLICIES, type CopyPolicy, copyPolicy } from './copy-policy.js'
import { CONFIGURATION_IDS, configurationPolicy } from './vci-configurations.js'

/** What a certificate is minted as: what its key mode depends on. */
export type MintedAs = Pick<CopyPolicy, 'vct' | 'kind'>

/** How verifiers find the keys of an issuer, certificate by certificate. */
export type KeyModes = {
  readonly of: (policy: MintedAs) => KeyMode
  /** Of the status lists: that of the certificates which name them. */
  readonly status: KeyMode
  /** Of signed metadata: by certificate wherever there is one, as HAIP wants it. */
  readonly metadata: KeyMode
  /** Each mode in use and the types that are minted in it; the usual one first. */
  readonly used: readonly { readonly mode: KeyMode; readonly types: readonly string[] }[]
}

/** Reads the modes from a configuration: the usual one, and exceptions by credential configuration. */
export function keyModesOf(config: Pick<IssuerConfig, 'key_mode' | 'key_modes'>): KeyModes {
  const { key_mode: usual, key_modes: exceptions } = config
  const modeOf = (policy: MintedAs): KeyMode => {
    const id = CONFIGURATION_IDS.find((known) => isSame(configurationPolicy(known), policy))
    return (id === undefined ? undefined : exceptions[id]) ?? usual
  }
  // One list is signed in one way, so that whatever has a status is found in one way, too.
  const status = modeOf(copyPolicy(NETWORK_CERTIFICATE, 'platform'))
  const of = (policy: MintedAs): KeyMode =>
    copyPolicy(policy.vct, policy.kind).status ? status : modeOf(policy)
  const others: readonly KeyMode[] = usual === 'x5c' ? ['x5c', 'did:key'] : ['did:key', 'x5c']
  const used = others.flatMap((mode) => {
    const types = [...certificateTypes.keys()].filter((vct) =>
      COPY_POLICIES.some((policy) => policy.vct === vct && of(policy) === mode),
    )
    return types.length === 0 ? [] : [{ mode, types }]
  })
  return { of, status, metadata: used.some(({ mode }) => mode === 'x5c') ? 'x5c' : usual, used }
}

function isSame(one: MintedAs, other: MintedAs): boolean {
  return one.vct === other.vct && one.kind === other.kind
}
