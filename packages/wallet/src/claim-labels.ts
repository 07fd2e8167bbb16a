import type { ClaimClass, ClaimPath } from '@netcert/credential'
import { certificateTypes, claimClass } from '@netcert/credential'

/** How a claim is shown to its holder: by name, never by value. */
export type ClaimName = {
  readonly path: ClaimPath
  readonly class: ClaimClass
  readonly label: { readonly 'zh-CN': string; readonly en: string }
}

/**
 * Words for citizens where those of the type metadata are for who builds on it. The metadata itself
 * stays: certificates name it by its hash.
 */
const plainer: ReadonlyMap<string, ClaimName['label']> = new Map([
  ['platform_number', { 'zh-CN': '平台专用号码', en: 'Your number on the platform' }],
  ['real_person', { 'zh-CN': '真实身份核验方式', en: 'How identity was checked' }],
])

/** Name and class of a claim from the type metadata; a claim it does not list is shown by its path. */
export function claimName(vct: string, path: ClaimPath): ClaimName {
  const type = certificateTypes.get(vct)
  const spelled = path.map(String).join('.')
  if (type === undefined)
    return { path, class: 'identity', label: { 'zh-CN': spelled, en: spelled } }
  const rules = type.claims.filter(
    (rule) => rule.path.length <= path.length && rule.path.every((step, at) => step === path[at]),
  )
  const rule = rules.toSorted((a, b) => b.path.length - a.path.length)[0]
  return {
    path,
    class: claimClass(type, path),
    label: plainer.get(spelled) ?? rule?.label ?? { 'zh-CN': spelled, en: spelled },
  }
}

/** The strictest class among claims: what presenting them reveals at most. */
export function strictestClass(claims: readonly Pick<ClaimName, 'class'>[]): ClaimClass {
  const order: readonly ClaimClass[] = ['identity', 'number', 'fact', 'technical']
  return order.find((candidate) => claims.some((claim) => claim.class === candidate)) ?? 'technical'
}
