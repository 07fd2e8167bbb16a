import { z } from 'zod'
import { isSdJwtQuery } from './dcql.js'
import { ProtocolError } from './errors.js'

/** Bounds of a query. The standard has none; a wallet must not be made to search for ever. */
const MAX_CREDENTIALS = 16
const MAX_CLAIMS = 64
const MAX_CLAIM_SETS = 64
const MAX_VALUES = 256
const MAX_PATH_STEPS = 32
const MAX_TEXT_LENGTH = 512

const text = z.string().min(1).max(MAX_TEXT_LENGTH)
const id = z
  .string()
  .max(MAX_TEXT_LENGTH)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, "_" or "-"')

// OpenID4VP §7: a string names a member, a number an element, null every element.
const pathStep = z.union([text, z.int().min(0), z.null()])

const claimQuery = z.object({
  id: id.optional(),
  path: z.array(pathStep).min(1).max(MAX_PATH_STEPS),
  values: z
    .array(z.union([z.string().max(MAX_TEXT_LENGTH), z.int(), z.boolean()]))
    .min(1)
    .max(MAX_VALUES)
    .optional(),
})

const trustedAuthorities = z.object({
  type: text,
  values: z.array(text).min(1).max(MAX_VALUES),
})

const sdJwtCredentialQuery = z.object({
  id,
  format: z.literal('dc+sd-jwt'),
  multiple: z.boolean().optional(),
  meta: z.object({ vct_values: z.array(text).min(1).max(MAX_VALUES) }),
  trusted_authorities: z.array(trustedAuthorities).min(1).max(MAX_VALUES).optional(),
  require_cryptographic_holder_binding: z.boolean().optional(),
  claims: z.array(claimQuery).min(1).max(MAX_CLAIMS).optional(),
  claim_sets: z.array(z.array(id).min(1).max(MAX_CLAIMS)).min(1).max(MAX_CLAIM_SETS).optional(),
})

// A query may offer other formats as alternatives. They are legal, and never answered from here.
const foreignCredentialQuery = z.object({
  id,
  format: text.regex(/^(?!dc\+sd-jwt$)/),
  meta: z.looseObject({}),
})

const credentialSet = z.object({
  options: z.array(z.array(id).min(1).max(MAX_CREDENTIALS)).min(1).max(MAX_CREDENTIALS),
  required: z.boolean().optional(),
})

/** The wire form of a DCQL query (OpenID4VP 1.0 §6). Unknown members are ignored (§6.1). */
export const querySchema = z.object({
  credentials: z
    .array(z.union([sdJwtCredentialQuery, foreignCredentialQuery]))
    .min(1)
    .max(MAX_CREDENTIALS),
  credential_sets: z.array(credentialSet).min(1).max(MAX_CREDENTIALS).optional(),
})

/** A checked DCQL query, with the members' wire names. Made by {@link parseQuery} only. */
export type Query = z.infer<typeof querySchema>
/** The part of a query that asks for one `dc+sd-jwt` certificate. */
export type CredentialQuery = z.infer<typeof sdJwtCredentialQuery>

/**
 * Checks that a value is a DCQL query.
 *
 * @param value - The parsed JSON of a query. Unknown members are dropped.
 * @throws ProtocolError `query_malformed` with the place of the first problem;
 *   `holder_binding_required` when the query switches cryptographic holder binding off.
 * @see OpenID for Verifiable Presentations 1.0 §6
 */
export function parseQuery(value: unknown): Query {
  const parsed = querySchema.safeParse(value)
  if (!parsed.success) throw malformed(firstProblem(parsed.error))
  const query = parsed.data
  checkUnique(
    query.credentials.map((credential) => credential.id),
    'credentials',
  )
  for (const credential of query.credentials) {
    if (isSdJwtQuery(credential)) checkCredentialQuery(credential)
  }
  checkCredentialSets(query)
  return query
}

function checkCredentialQuery(query: CredentialQuery): void {
  if (query.require_cryptographic_holder_binding === false) {
    throw new ProtocolError(
      'holder_binding_required',
      `credential query "${query.id}" switches holder binding off; a netcert certificate is only ` +
        'presented with its key. Remove require_cryptographic_holder_binding or set it to true.',
    )
  }
  const claimIds = (query.claims ?? []).flatMap((claim) =>
    claim.id === undefined ? [] : [claim.id],
  )
  checkUnique(claimIds, `claims of "${query.id}"`)
  if (query.claim_sets === undefined) return
  // OpenID4VP §6.1, §6.3: claim_sets choose among claims, by the ids these must then have.
  if (query.claims === undefined) throw malformed(`"${query.id}" has claim_sets without claims`)
  if (claimIds.length !== query.claims.length) {
    throw malformed(`"${query.id}" has claim_sets, so each of its claims needs an id`)
  }
  const known = new Set(claimIds)
  for (const name of query.claim_sets.flat()) {
    if (!known.has(name))
      throw malformed(`a claim set of "${query.id}" names unknown claim "${name}"`)
  }
}

function checkCredentialSets(query: Query): void {
  const known = new Set(query.credentials.map((credential) => credential.id))
  for (const name of (query.credential_sets ?? []).flatMap((set) => set.options.flat())) {
    if (!known.has(name)) throw malformed(`a credential set names unknown credential "${name}"`)
  }
}

function checkUnique(ids: readonly string[], where: string): void {
  if (new Set(ids).size !== ids.length) throw malformed(`an id stands twice among ${where}`)
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return 'not a query'
  // Of a union only the branch for our own format is worth telling: its message names the member.
  const inner = issue.code === 'invalid_union' ? issue.errors[0]?.[0] : undefined
  const path = [...issue.path, ...(inner?.path ?? [])]
  return `${path.length === 0 ? 'the query' : path.join('.')}: ${(inner ?? issue).message}`
}

function malformed(problem: string): ProtocolError {
  return new ProtocolError(
    'query_malformed',
    `not a DCQL query: ${problem}. See OpenID for Verifiable Presentations 1.0, section 6.`,
  )
}
