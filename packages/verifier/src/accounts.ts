import type { AccountKey } from './account-key.js'
import { VerifierError } from './errors.js'

/** An account of the platform, as far as netcert knows it. No number of anybody is in it. */
export type Account = {
  /** The platform's own id of its user. */
  readonly id: string
  readonly createdAt: Date
  /** Since when a certificate opens it; null: none does. */
  readonly linkedAt: Date | null
  /** null: nothing is wrong with it. */
  readonly flag: AccountFlag | null
}

/** Why an account opens no more until it is released. */
export type AccountFlag = {
  /** A code of the platform's, never a text about a person. */
  readonly reason: string
  readonly since: Date
}

/** Somebody signed in. */
export type AccountSession = {
  readonly account: string
  readonly since: Date
  readonly endsAt: Date
}

/** A session that was just made; the token goes into a cookie and is kept nowhere. */
export type NewSession = AccountSession & { readonly token: string }

/** Somebody who proved to be the one a flagged account belongs to: they may prove presence, or appeal. */
export type Claimant = { readonly account: string; readonly key: AccountKey }

/** How a flagged account was released. */
export type ReleasedBy = 'presence' | 'other_means'

/** An objection to a flag, as staff reads it. */
export type Appeal = {
  readonly id: string
  readonly account: string
  readonly text: string
  readonly filedAt: Date
}

/** One line of what happened to an account. No number, no certificate and no text of anybody is in it. */
export type AccountEvent = {
  readonly at: Date
  readonly event: AccountEventName
  /** A code: why it was flagged, how it was released. */
  readonly detail: string | null
}

export type AccountEventName =
  | 'created'
  | 'linked'
  | 'unlinked'
  | 'signed_in'
  | 'refused'
  | 'flagged'
  | 'appealed'
  | 'released'
  | 'deleted'

/** The accounts of a platform, by the certificates that open them. `openPlatformVerifier` gives it. */
export type Accounts = {
  /** The account that a certificate opens. */
  readonly find: (key: AccountKey) => Promise<Account | null>
  readonly read: (id: string) => Promise<Account | null>
  /**
   * Makes the account of a newcomer. Of several at once with one certificate, exactly one is made, and
   * all get it.
   *
   * @throws VerifierError `account_linked_elsewhere` for an id that is in use
   */
  readonly create: (key: AccountKey, id: string) => Promise<Account>
  /**
   * Lets a certificate open an account that its owner signed in to by other means.
   *
   * @throws VerifierError `account_linked_elsewhere`, `account_flagged`
   */
  readonly link: (key: AccountKey, id: string) => Promise<Account>
  /**
   * The certificate opens it no more, and its sessions end.
   *
   * @throws VerifierError `account_flagged`, `account_unknown`
   */
  readonly unlink: (id: string) => Promise<void>
  /**
   * Deletes what is kept of an account, in the log of the database too. What happened stays written
   * under a mark that nothing joins to anybody any more.
   *
   * @returns Whether there was one.
   * @throws VerifierError `account_flagged`
   */
  readonly forget: (key: AccountKey) => Promise<boolean>
  readonly sessions: AccountSessions
  readonly flags: AccountFlags
}

/** Who is signed in. Tokens are random and stand in the database as hashes. */
export type AccountSessions = {
  /** @throws VerifierError `account_flagged`, `account_unknown` */
  readonly begin: (account: string) => Promise<NewSession>
  /** null: ended, idle for too long, flagged since, or never there. */
  readonly find: (token: string) => Promise<AccountSession | null>
  readonly end: (token: string) => Promise<void>
  /** Ends all of an account. */
  readonly endAll: (account: string) => Promise<void>
}

/** Accounts with anomalies, and the ways out. */
export type AccountFlags = {
  /**
   * Ends every session; until the account is released nobody signs in to it.
   *
   * @throws VerifierError `account_unknown`, `request_malformed` for a reason that is no code
   */
  readonly flag: (account: string, options: { readonly reason: string }) => Promise<Account>
  /** @throws VerifierError `account_unknown`, `account_not_flagged` */
  readonly release: (account: string, options: { readonly by: ReleasedBy }) => Promise<Account>
  readonly list: () => Promise<readonly (Account & { readonly appeals: number })[]>
  /** A ticket for the one who proved to be the holder: it opens nothing but the ways out. */
  readonly admit: (claimant: Claimant) => Promise<string>
  readonly claimant: (ticket: string) => Promise<Claimant | null>
  /**
   * Records an objection, sealed.
   *
   * @throws VerifierError `account_not_flagged`, `request_malformed`, `appeal_pending`
   */
  readonly appeal: (account: string, text: string) => Promise<{ readonly id: string }>
  /** Those that nobody has decided yet, oldest first. */
  readonly appeals: (account?: string) => Promise<readonly Appeal[]>
  /** @throws VerifierError `account_unknown` */
  readonly events: (account: string) => Promise<readonly AccountEvent[]>
}

const ACCOUNT_ID = /^[\x21-\x7e]{1,128}$/
const REASON = /^[a-z][a-z0-9_-]{0,39}$/
const MOST_APPEAL = 2_000

/** @throws VerifierError `request_malformed` */
export function assertAccountId(id: string): string {
  if (ACCOUNT_ID.test(id)) return id
  throw refused('request_malformed', 'an account id has 1 to 128 printable characters, no space.')
}

/** @throws VerifierError `request_malformed` */
export function assertReason(reason: string): string {
  if (REASON.test(reason)) return reason
  throw refused('request_malformed', 'a reason is a code such as unusual_place, never a text.')
}

/** @throws VerifierError `request_malformed` */
export function assertAppeal(text: string): string {
  const trimmed = text.trim()
  if (trimmed !== '' && trimmed.length <= MOST_APPEAL && !/\p{Surrogate}/u.test(trimmed))
    return trimmed
  throw refused('request_malformed', `an appeal has 1 to ${MOST_APPEAL} characters.`)
}

/** The refusals of accounts, each with its cure. */
export const accountRefusals = {
  unknown: () => refused('account_unknown', 'there is no such account; sign in or register first.'),
  flagged: () =>
    refused(
      'account_flagged',
      'this account waits for its owner to be seen again; release it first.',
    ),
  notFlagged: () => refused('account_not_flagged', 'nothing is wrong with this account; sign in.'),
  elsewhere: () =>
    refused(
      'account_linked_elsewhere',
      'this certificate opens another account, or this account has another certificate; unlink first.',
    ),
  signInFirst: () => refused('sign_in_required', 'nobody is signed in here; sign in first.'),
  appealPending: () =>
    refused('appeal_pending', 'the appeals that were filed wait for an answer; wait for it.'),
} as const

function refused(code: ConstructorParameters<typeof VerifierError>[0], message: string) {
  return new VerifierError(code, message)
}
