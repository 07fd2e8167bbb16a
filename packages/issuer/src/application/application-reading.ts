import type { z } from 'zod'
import { cleanCell, normalNumber, Refused } from '../citizen-cell.js'
import { type CivilDate, parseCivilDate } from '../civil-date.js'
import { readDocumentNumber } from '../document-number.js'
import type { Finding } from '../finding.js'
import { isOfAge } from '../guardianship.js'
import { IssuerError } from '../issuer-error.js'
import { readName } from '../person-name.js'
import { configurationPolicy, isConfigurationId } from '../vci-configurations.js'
import {
  type ApplicationContent,
  applicationSchema,
  type WrittenApplication,
} from './application-content.js'
import { purposesDigest } from './purposes.js'
import { type FieldRefusal, findingOf } from './refusal-texts.js'

/** An application whose form is right, and what of it is kept sealed. */
export type ReadApplication = {
  readonly written: WrittenApplication
  readonly content: ApplicationContent
}

/**
 * Reads an application, closed-world: every member it has is one we ask for, and every one of them
 * has its form. Everything that is wrong is said at once.
 *
 * @throws IssuerError `application_invalid` with its findings; no value is in it.
 */
export function readApplication(input: unknown, today: CivilDate): ReadApplication {
  const parsed = applicationSchema.safeParse(input)
  if (!parsed.success) {
    throw invalid(parsed.error.issues.flatMap((issue) => findingsOf(issue, input)))
  }
  const written = parsed.data
  const findings: Finding[] = []
  const wrong = (field: string, code: FieldRefusal): void => {
    findings.push(findingOf(field, code))
  }
  const content = contentOf(written, today, wrong)
  if (written.consent.purposes !== purposesDigest()) wrong('consent.purposes', 'purposes_outdated')
  const problem = typesProblem(written, today)
  if (problem !== undefined) wrong('types', problem)
  if (findings.length > 0) throw invalid(findings)
  return { written, content }
}

/** Refused before anything is looked at, what would end as an approval that nothing is offered on. */
function typesProblem(
  { types, birthdate }: WrittenApplication,
  today: CivilDate,
): FieldRefusal | undefined {
  const known = types.filter(isConfigurationId)
  if (known.length < types.length || new Set(types).size < types.length) return 'types'
  const day = parseCivilDate(birthdate)
  if (day === undefined || day > today) return undefined
  const fits = known.every((type) => isOfAge(configurationPolicy(type), day, today))
  return fits ? undefined : 'types_age'
}

type Wrong = (field: string, code: FieldRefusal) => void

function contentOf(
  { document, family_name, given_name, birthdate, guardian }: WrittenApplication,
  today: CivilDate,
  wrong: Wrong,
): ApplicationContent {
  const documentNumber = cleaned(document.number, () => wrong('document.number', 'document_number'))
  const number = normalNumber(documentNumber, new Set())
  const reading = readDocumentNumber(document.type, number)
  if (reading.form === 'bad') wrong('document.number', reading.reason)
  const day = parseCivilDate(birthdate)
  if (day === undefined || day > today) wrong('birthdate', 'birthdate')
  else if (reading.form === 'resident' && reading.birthdate !== day) {
    wrong('birthdate', 'birthdate_mismatch')
  }
  return {
    documentType: document.type,
    documentNumber: number,
    familyName: nameOf(family_name, () => wrong('family_name', 'name')),
    givenName: nameOf(given_name, () => wrong('given_name', 'name')),
    birthdate,
    byGuardian: guardian !== undefined,
  }
}

/** Without the space around it; as written otherwise. */
function cleaned(text: string, wrong: () => void): string {
  try {
    return cleanCell(text, new Set())
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    wrong()
    return ''
  }
}

function nameOf(text: string, wrong: () => void): string {
  const name = cleaned(text, wrong)
  if ('refused' in readName(name)) wrong()
  return name
}

function findingsOf(issue: z.core.$ZodIssue, input: unknown): readonly Finding[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    // A name is shown only when it reads like one: a value could stand where a name should.
    return issue.keys.map((key) => findingOf([...path, shown(key)].join('.'), 'unknown_member'))
  }
  const missing = valueAt(input, issue.path) === undefined
  return [findingOf(path.join('.'), missing ? 'missing_member' : 'wrong_form')]
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Reflect.get(value, name)
  }
  return value
}

function shown(key: string): string {
  return /^[A-Za-z_][\w-]{0,39}$/.test(key) ? key : '?'
}

function invalid(all: readonly Finding[]): IssuerError {
  const seen = new Set<string>()
  const findings = all.filter(({ field, code }) => {
    const isNew = !seen.has(`${field} ${code}`)
    seen.add(`${field} ${code}`)
    return isNew
  })
  const said = findings.map(
    ({ field, reason }) => `${field === '' ? 'The file' : field}: ${reason.en}`,
  )
  const text = `The application is refused: ${said.join(' ')} Correct it and submit it again.`
  return new IssuerError('application_invalid', text, { findings })
}
