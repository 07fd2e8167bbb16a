import { CredentialError, certificateTypes, claimClass, parsePublicJwk } from '@netcert/credential'
import { type TextFault, textFault } from './platform-name.js'
import {
  type PlatformRegistration,
  platformRegistrationSchema,
  type RegisteredPurpose,
  textBounds,
} from './platform-registration.js'

/** What is wrong with a registration. */
export type RegistrationProblemCode =
  | 'form'
  | TextFault
  | 'address_insecure'
  | 'request_key_wrong'
  | 'purpose_repeated'
  | 'type_unknown'
  | 'claim_unknown'
  | 'claim_always_visible'
  | 'claim_too_broad'
  | 'claim_repeated'
  | 'identity_without_basis'
  | 'law_without_text'
  | 'retention_without_storing'

export type RegistrationProblem = {
  /** Place in the file: `purposes[0].credentials[0].claims[2]`. */
  readonly place: string
  readonly code: RegistrationProblemCode
  readonly what: string
}

/** A registration that may be stored, or everything that is wrong with it. */
export type RegistrationExamination =
  | { readonly registration: PlatformRegistration; readonly problems: readonly [] }
  | { readonly registration: null; readonly problems: readonly RegistrationProblem[] }

/** Judges a registration by itself: form, texts, addresses, claims, legal basis; all at once. */
export function examineRegistration(value: unknown): RegistrationExamination {
  const parsed = platformRegistrationSchema.safeParse(value)
  if (!parsed.success) return { registration: null, problems: parsed.error.issues.map(formProblem) }
  const registration = parsed.data
  const problems = [
    ...textProblems(registration),
    ...addressProblems(registration.addresses),
    ...keyProblems(registration.request_jwk, 'request_jwk'),
    ...repeatedPurposes(registration.purposes),
    ...registration.purposes.flatMap((purpose, at) => purposeProblems(purpose, `purposes[${at}]`)),
  ]
  return problems.length === 0 ? { registration, problems: [] } : { registration: null, problems }
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

function formProblem({ path, message }: Issue): RegistrationProblem {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
  return { place: place.join('').replace(/^\./, '') || 'the file', code: 'form', what: message }
}

const FAULTS: Readonly<Record<TextFault, string>> = {
  text_empty: 'is empty',
  text_too_long: 'is too long',
  text_spacing: 'has spaces at an end, two in a row, or spaces of another kind',
  text_invisible: 'has invisible characters, or ones that turn the direction of text',
  text_styled: 'has styled, composed or full-width letters, or pictures; write plain ones',
  text_script: 'mixes scripts; Latin, and in zh-CN Han with Latin, are taken',
  text_marks: 'stacks marks on a letter',
}

type Localised = { readonly 'zh-CN': string; readonly en: string }

function textProblems({ name, operator, purposes }: PlatformRegistration): RegistrationProblem[] {
  const names: (readonly [string, Localised, number])[] = [
    ['name', name, textBounds.name],
    ['operator.name', operator.name, textBounds.name],
  ]
  const texts = purposes.flatMap(({ purpose, legal_basis_text: law }, at) => {
    const own = [`purposes[${at}].purpose`, purpose, textBounds.purpose] as const
    if (law === null) return [own]
    return [own, [`purposes[${at}].legal_basis_text`, law, textBounds.purpose] as const]
  })
  return [...names, ...texts].flatMap(([place, text, most]) =>
    (['zh-CN', 'en'] as const).flatMap((language) => {
      const fault = textFault(text[language], language, most)
      return fault === null
        ? []
        : [{ place: `${place}.${language}`, code: fault, what: FAULTS[fault] }]
    }),
  )
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function addressProblems(addresses: PlatformRegistration['addresses']): RegistrationProblem[] {
  return Object.entries(addresses).flatMap(([name, text]) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    const secure = url?.protocol === 'https:' || LOOPBACK.has(url?.hostname ?? '')
    const plain = url?.username === '' && url.password === '' && url.hash === ''
    if (secure && plain) return []
    const what = 'is no https address without user name and fragment'
    return [{ place: `addresses.${name}`, code: 'address_insecure', what }]
  })
}

function keyProblems(
  jwk: PlatformRegistration['request_jwk'],
  place: string,
): RegistrationProblem[] {
  try {
    parsePublicJwk(jwk)
    return []
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error
    return [{ place, code: 'request_key_wrong', what: 'is no usable public key' }]
  }
}

function repeatedPurposes(purposes: readonly RegisteredPurpose[]): RegistrationProblem[] {
  const seen = new Set<string>()
  return purposes.flatMap(({ id }, at) => {
    if (seen.size < seen.add(id).size) return []
    return [{ place: `purposes[${at}].id`, code: 'purpose_repeated', what: 'stands there twice' }]
  })
}

function purposeProblems(purpose: RegisteredPurpose, place: string): RegistrationProblem[] {
  const { legal_basis: basis, legal_basis_text: text, stores_raw_claims: stores } = purpose
  const problems = purpose.credentials.flatMap((credential, at) =>
    claimProblems(credential, basis, `${place}.credentials[${at}]`),
  )
  const { request_jwk: own } = purpose
  if (own !== undefined) problems.push(...keyProblems(own, `${place}.request_jwk`))
  if (basis.startsWith('law:') && text === null) {
    const what = 'is missing: name the article in words that people can read'
    problems.push({ place: `${place}.legal_basis_text`, code: 'law_without_text', what })
  }
  if (stores && purpose.retention_seconds === 0) {
    const what = 'is 0 although claims are to be stored'
    problems.push({
      place: `${place}.retention_seconds`,
      code: 'retention_without_storing',
      what,
    })
  }
  return problems
}

type RegisteredCredential = RegisteredPurpose['credentials'][number]

function claimProblems(
  { vct_values: types, claims }: RegisteredCredential,
  basis: string,
  place: string,
): RegistrationProblem[] {
  const seen = new Set<string>()
  return claims.flatMap((path, at) => {
    const here = `${place}.claims[${at}]`
    const key = JSON.stringify(path)
    const twice = seen.has(key)
    seen.add(key)
    const repeated = { place: here, code: 'claim_repeated' as const, what: 'stands there twice' }
    const found = types.flatMap((vct) => claimProblem(vct, path, basis))
    // One claim can be wrong in several types in the same way: it is said once.
    const codes = new Map(found.map((problem) => [problem.code, { place: here, ...problem }]))
    return [...(twice ? [repeated] : []), ...codes.values()]
  })
}

type Found = Omit<RegistrationProblem, 'place'>

function claimProblem(vct: string, path: readonly string[], basis: string): Found[] {
  const type = certificateTypes.get(vct)
  if (type === undefined) return [{ code: 'type_unknown', what: `no type is named ${vct}` }]
  const below = type.claims.filter((rule) => path.every((step, at) => step === rule.path[at]))
  const own = below.find((rule) => rule.path.length === path.length)
  if (own === undefined && below.length === 0) {
    return [{ code: 'claim_unknown', what: `no claim of ${vct}` }]
  }
  if (below.some((rule) => rule.path.length > path.length)) {
    const members = below.flatMap((rule) => rule.path.slice(path.length, path.length + 1))
    const what = `asks for a whole object; name the members that are needed: ${members.join(', ')}`
    return [{ code: 'claim_too_broad', what }]
  }
  if (own?.class === 'technical' || own?.sd === 'never') {
    return [{ code: 'claim_always_visible', what: 'is visible in every copy; leave it out' }]
  }
  // The network number is the same everywhere: it joins platforms as a name would.
  const tells = claimClass(type, path) === 'identity' || path[0] === 'network_number'
  if (!tells || basis !== 'none') return []
  const what = 'tells who somebody is: that needs consent or a law as legal basis'
  return [{ code: 'identity_without_basis', what }]
}
