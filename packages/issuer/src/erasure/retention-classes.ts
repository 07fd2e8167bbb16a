const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long what belongs to a class is kept. Durations in seconds. */
export type RetentionTime =
  /** The operator's choice, within bounds. */
  | {
      readonly kind: 'chosen'
      readonly usual: number
      readonly least: number
      readonly most: number
    }
  /** Follows from a protocol: more would be too much, less would break it. */
  | { readonly kind: 'fixed'; readonly seconds: number }
  /** Another member of the configuration says it. */
  | { readonly kind: 'elsewhere'; readonly member: string }

export type RetentionRule = {
  readonly time: RetentionTime
  /** From when the time counts, in words. */
  readonly since: string
  readonly tables: readonly string[]
  /** `minute`: what ends by the minute goes with the next one; `tick`: at publishing, at least daily. */
  readonly every: 'minute' | 'tick'
}

function chosen(usual: number, [least, most]: readonly [number, number]): RetentionTime {
  return { kind: 'chosen', usual, least, most }
}

/** Every class of data that ends by time, with its rule. */
export const RETENTION_CLASSES = {
  login_codes: {
    // A day at least: codes of one day are counted, so that nobody is sent more than a few.
    time: chosen(DAY, [DAY, 30 * DAY]),
    since: 'sent',
    tables: ['as_login_codes'],
    every: 'minute',
  },
  grants_and_tokens: {
    time: chosen(MINUTE, [0, 7 * DAY]),
    since: 'ended',
    tables: ['as_records', 'ward_grants'],
    every: 'minute',
  },
  offers: {
    time: chosen(DAY, [0, 30 * DAY]),
    since: 'ended',
    tables: ['vci_offers'],
    every: 'minute',
  },
  deferred_issuances: {
    time: chosen(10 * MINUTE, [10 * MINUTE, 30 * DAY]),
    since: 'ended',
    tables: ['vci_deferred'],
    every: 'minute',
  },
  notifications: {
    time: chosen(10 * MINUTE, [10 * MINUTE, 30 * DAY]),
    since: 'ended',
    tables: ['vci_notifications'],
    every: 'minute',
  },
  used_nonces: {
    time: { kind: 'fixed', seconds: 10 * MINUTE },
    since: 'ended',
    tables: ['vci_used_nonces'],
    every: 'minute',
  },
  presence_checks: {
    time: { kind: 'fixed', seconds: 15 * MINUTE },
    since: 'checked',
    tables: ['presence_checks'],
    every: 'minute',
  },
  code_tries: {
    time: { kind: 'fixed', seconds: 2 * DAY },
    since: 'counted from',
    tables: ['code_tries'],
    every: 'tick',
  },
  contact_requests: {
    time: chosen(DAY, [0, 30 * DAY]),
    since: 'ended unanswered',
    tables: ['recovery_contacts'],
    every: 'tick',
  },
  devices_ended: {
    time: chosen(90 * DAY, [DAY, 730 * DAY]),
    since: 'ended',
    tables: ['devices'],
    every: 'tick',
  },
  applications_open: {
    time: chosen(30 * DAY, [DAY, 180 * DAY]),
    since: 'last changed, never decided or never fetched',
    tables: ['applications', 'application_evidence', 'application_offers'],
    every: 'tick',
  },
  applications_refused: {
    time: chosen(30 * DAY, [DAY, 365 * DAY]),
    since: 'refused or withdrawn',
    tables: ['applications', 'application_evidence', 'application_offers'],
    every: 'tick',
  },
  applications_issued: {
    time: chosen(180 * DAY, [DAY, 1095 * DAY]),
    since: 'issued',
    tables: ['applications', 'application_evidence', 'application_offers'],
    every: 'tick',
  },
  batch_holders: {
    // The place on the list stays; whose it was is forgotten.
    time: chosen(30 * DAY, [0, 365 * DAY]),
    since: 'the batch ended',
    tables: ['batches'],
    every: 'tick',
  },
  cool_downs: {
    time: { kind: 'elsewhere', member: 'cooldown_days' },
    since: 'cancelled',
    tables: ['number_cool_downs'],
    every: 'minute',
  },
  erasure_receipts: {
    time: chosen(DAY, [HOUR, 365 * DAY]),
    since: 'cancelled, and at least until the cool-down ends',
    tables: ['erasure_receipts'],
    every: 'tick',
  },
  platform_reports: {
    time: chosen(730 * DAY, [30 * DAY, 3650 * DAY]),
    since: 'reported',
    tables: ['platform_reports'],
    every: 'tick',
  },
  trust_lists: {
    time: chosen(400 * DAY, [30 * DAY, 3650 * DAY]),
    since: 'ended; the newest stays',
    tables: ['trust_lists'],
    every: 'tick',
  },
} as const satisfies Readonly<Record<string, RetentionRule>>

export type RetentionClass = keyof typeof RETENTION_CLASSES

/** What no time ends, and why; a test holds the tables against the real schema. */
export const KEPT_TABLES: Readonly<Record<string, string>> = {
  persons: 'until the person cancels',
  person_documents: 'until the person cancels',
  revocation_codes: 'until it is used or the person cancels',
  minors: 'until the person cancels',
  handovers: 'until the person cancels',
  batches: 'a status index is never given twice; whose it was is forgotten, see batch_holders',
  status_lists: 'numbers of lists and versions never go back',
  published_lists: 'the newest version of each list; it names nobody',
  pack_counter: 'one row: numbers of offline packs never go back',
  packs: 'one row for each offline pack; it names nobody',
  publication_steps: 'one row for each step: when it was done',
  registrar_lists: 'numbers of lists and versions never go back',
  signatures: 'what was signed is counted against what was planned; names nobody',
  signing_state: 'one row about the signer',
  issuer_facts: 'what the database belongs to',
  issuer_keys: 'old certificates stay verifiable',
  keys: 'old certificates stay verifiable',
  vci_request_keys: 'changed every 30 days, and erased then',
  number_officers: 'who could re-identify stays on record',
  number_cases: 'every search for a person stays on record; no number stands there',
  operators: 'who could operate stays on record',
  audit_log: 'what was done stays on record; nothing about a person stands there',
  audit_tail: 'one row: where the log ends',
  audit_heads: 'signed proofs that the log is whole',
  platforms: 'an identifier is never given twice; no person',
  accreditations: 'who could ask for what stays public; no person',
  erasure_state: 'one row of two counters',
  vault_check: 'one row: which master key this database has',
  veramo_dids: 'identifiers of the issuer',
  veramo_keys: 'keys of the issuer',
  veramo_private_keys: 'keys of the issuer',
  netcert_migrations: 'which steps the schema has taken',
}
