import { samePath } from './claim-path.js'
import { CredentialError } from './errors.js'
import { verifyIntegrity } from './integrity.js'
import type { JsonValue } from './json.js'
import {
  assertDistinct,
  type ClaimMetadata,
  parseTypeMetadata,
  type TypeMetadata,
} from './type-metadata.js'

export type ResolveTypeMetadataOptions = {
  readonly vct: string
  /** `vct#integrity` of the certificate; `undefined` when it has none. */
  readonly integrity: JsonValue | undefined
  /** The documents at hand by their `vct`, as published. Nothing is fetched. */
  readonly documents: ReadonlyMap<string, string>
  /** Longest chain of `extends` that is followed. */
  readonly maxDepth: number
}

/**
 * The metadata of a type with everything it inherits. Each document is checked against the integrity
 * value of whoever refers to it.
 *
 * @throws CredentialError `type_metadata_unavailable`, `type_metadata_malformed`,
 * `type_metadata_vct_mismatch`, `type_metadata_cycle`, `type_metadata_too_deep`,
 * `type_metadata_extension_violation`, `integrity_malformed`, `integrity_unsupported`,
 * `integrity_mismatch`
 * @see SD-JWT VC §5.3, §5.4, §5.6.5, §6, §7.4
 */
export function resolveTypeMetadata(options: ResolveTypeMetadataOptions): TypeMetadata {
  const chain: TypeMetadata[] = []
  const met = new Set<string>()
  let next: { vct: string; integrity: JsonValue | undefined } | undefined = options
  while (next !== undefined) {
    if (met.has(next.vct)) {
      throw new CredentialError(
        'type_metadata_cycle',
        'The type extends itself: have its publisher correct it.',
      )
    }
    if (chain.length > options.maxDepth) {
      throw new CredentialError(
        'type_metadata_too_deep',
        `The type extends more than ${options.maxDepth} others: have its publisher shorten the chain.`,
      )
    }
    met.add(next.vct)
    const metadata = readDocument(options.documents, next)
    chain.push(metadata)
    next =
      metadata.extends === undefined
        ? undefined
        : { vct: metadata.extends, integrity: metadata.extendsIntegrity }
  }
  return chain.reduceRight((base, child) => mergeTypeMetadata(base, child))
}

/**
 * What a type says together with the type it extends: all claims are inherited, of two with the same
 * path the properties are combined and the extending type's win; its display replaces the other's.
 *
 * @throws CredentialError `type_metadata_extension_violation` when the extending type loosens or
 * turns an `sd` rule of `always` or `never`, or makes a mandatory claim optional.
 * @see SD-JWT VC §5.5.2, §5.6.5
 */
export function mergeTypeMetadata(base: TypeMetadata, child: TypeMetadata): TypeMetadata {
  const added = child.claims.filter(
    (claim) => !base.claims.some((inherited) => samePath(inherited.path, claim.path)),
  )
  const inherited = base.claims.map((claim) => {
    const own = child.claims.find((candidate) => samePath(candidate.path, claim.path))
    return own === undefined ? claim : mergeClaim(claim, own)
  })
  const claims = [...inherited, ...added]
  assertDistinct(claims)
  const display = child.display ?? base.display
  return { ...child, claims, ...(display === undefined ? {} : { display }) }
}

function mergeClaim(base: ClaimMetadata, child: ClaimMetadata): ClaimMetadata {
  const fixed = base.sd === 'always' || base.sd === 'never'
  if (fixed && child.sd !== undefined && child.sd !== base.sd) throw violation('sd')
  if (base.mandatory === true && child.mandatory === false) throw violation('mandatory')
  return { ...base, ...child }
}

function readDocument(
  documents: ReadonlyMap<string, string>,
  reference: { readonly vct: string; readonly integrity: JsonValue | undefined },
): TypeMetadata {
  const text = documents.get(reference.vct)
  if (text === undefined) {
    throw new CredentialError(
      'type_metadata_unavailable',
      'The metadata of a type is not at hand: import it together with the lists.',
    )
  }
  if (reference.integrity !== undefined) verifyIntegrity(text, reference.integrity)
  const metadata = parseTypeMetadata(text)
  if (metadata.vct !== reference.vct) {
    throw new CredentialError(
      'type_metadata_vct_mismatch',
      'The metadata is that of another type: have its publisher correct the vct.',
    )
  }
  return metadata
}

function violation(property: string): CredentialError {
  return new CredentialError(
    'type_metadata_extension_violation',
    `A type changes what the type it extends has fixed (${property}): have its publisher correct it.`,
  )
}
