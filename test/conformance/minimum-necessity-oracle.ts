import { typeMetadataDocuments } from '@netcert/schemas/certificates'

// A second opinion on what a platform may be shown. It shares no code with the decision function: it
// reads the published type metadata and the accreditation's own JSON, spells every single claim of
// every type out as a text, and matches those texts against patterns made of the registered paths.

/** A step of a claim path. */
export type Step = string | number | null
type Entry = {
  readonly format: string
  readonly meta: { readonly vct_values?: readonly string[] }
  readonly claim?: readonly { readonly path: string | readonly Step[] }[]
  readonly claims?: readonly { readonly path: string | readonly Step[] }[]
}
/** An accreditation as the registrar wrote it. */
export type WrittenAccreditation = {
  readonly credentials: readonly Entry[]
  readonly legal_basis: string
  readonly max_claims: number
}

/** `s:name` for a member, `n:7` for a position: no two paths have one text. */
export const spell = (path: readonly Step[]): string =>
  path.map((step) => `/${typeof step === 'number' ? 'n' : 's'}:${step}`).join('')

const patternOf = (path: readonly Step[]): RegExp => {
  const steps = path.map((step) =>
    step === null ? '/n:\\d+' : `/${typeof step === 'number' ? 'n' : 's'}:${escape(String(step))}`,
  )
  return new RegExp(`^${steps.join('')}(?:/|$)`)
}
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** Each claim of a type that can be shown by itself: spelled, with its class. */
export type SingleClaim = { readonly text: string; readonly class: string }

const singles = new Map(
  typeMetadataDocuments.map((document) => {
    const spelled = document.claims.map((claim) => ({
      text: spell(claim.path as readonly Step[]),
      class: claim.netcert_class,
      hidden: claim.sd === 'always',
    }))
    const leaves = spelled.filter(
      (one) => one.hidden && !spelled.some((other) => other.text.startsWith(`${one.text}/`)),
    )
    return [document.vct, leaves] as const
  }),
)

/** The single claims that showing a path shows. */
export function singleClaims(vct: string, path: readonly Step[]): readonly SingleClaim[] {
  const text = spell(path)
  const of = singles.get(vct)
  if (of === undefined) throw new Error(`no certificate of type ${vct} is held`)
  return of.filter((leaf) => leaf.text === text || leaf.text.startsWith(`${text}/`))
}

/** Whether a single claim may be shown under an accreditation; null is a verifier nobody registered. */
export function mayShow(
  vct: string,
  leaf: SingleClaim,
  accreditation: WrittenAccreditation | null,
): boolean {
  if (accreditation === null) return leaf.class === 'fact'
  const isRegistered = accreditation.credentials.some((entry) => {
    if (entry.format !== 'dc+sd-jwt' || entry.meta.vct_values?.includes(vct) !== true) return false
    const written = [...(entry.claim ?? []), ...(entry.claims ?? [])]
    return written.some(({ path }) =>
      patternOf(typeof path === 'string' ? [path] : path).test(leaf.text),
    )
  })
  const isPlain = leaf.class === 'identity' || leaf.text === '/s:network_number'
  return isRegistered && !(isPlain && accreditation.legal_basis === 'none')
}

/** All single claims of all types. */
export const everySingleClaim: readonly (SingleClaim & { readonly vct: string })[] = [
  ...singles,
].flatMap(([vct, leaves]) => leaves.map((leaf) => ({ vct, ...leaf })))
