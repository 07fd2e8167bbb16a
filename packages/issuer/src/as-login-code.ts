import { randomInt } from 'node:crypto'
import { epochSeconds } from '@netcert/credential'
import type { LoginCodeStore } from './as-login-code-store.js'
import { recordHash } from './as-record-store.js'
import { keyedTag } from './keyed-tag.js'

/** A code on its way to a person. */
export type LoginCodeMessage = {
  /** Reference in the authentic source. */
  readonly citizen: string
  /** The number on record, where the register is asked for it. */
  readonly phone: string
  readonly code: string
  readonly language: 'zh-CN' | 'en'
  readonly expiresAt: Date
}

/** Brings one-time codes to people: a text message service, or the operator's log. */
export type LoginCodeSender = { send(message: LoginCodeMessage): Promise<void> }

/** For trials and small sites: the operator reads the code out. It names nobody. */
export function operatorLogSender(log: (line: string) => void): LoginCodeSender {
  return {
    send({ citizen, code, expiresAt }) {
      log(`login code for ${citizen}: ${code} (until ${expiresAt.toISOString()})`)
      return Promise.resolve()
    },
  }
}

/** Guesses at one code; the code is dead after that. */
export const CODE_GUESSES = 5
const CODE_SECONDS = 300
/** Codes in one interaction; more means to begin again in the wallet. */
export const CODES_PER_INTERACTION = 3
/** Codes to one person, whoever asks for them: 50 guesses a day at one in a million each. */
const CODES_PER_QUARTER = 4
const CODES_PER_DAY = 10
const QUARTER_SECONDS = 900
export const DAY_SECONDS = 86_400

export type Person = { readonly citizen: string; readonly phone: string }

export type LoginCodes = {
  /**
   * Sends a code, or does as if: who asks cannot tell a person that exists from one that does not.
   * `false` only when this interaction has used up its codes.
   */
  send(options: {
    readonly interaction: string
    readonly person: Person | undefined
    readonly language: 'zh-CN' | 'en'
  }): Promise<boolean>
  /** Who has proved to be it; `undefined` for a wrong code. `spent` when no guess is left. */
  check(options: {
    readonly interaction: string
    readonly code: string
  }): Promise<{ readonly citizen: string } | { readonly wrong: 'again' | 'spent' }>
  /** Whether a code was sent in this interaction, so that the page asks for it. */
  isWaiting(interaction: string): Promise<boolean>
}

export type LoginCodesOptions = {
  readonly store: LoginCodeStore
  readonly sender: LoginCodeSender
  readonly key: Uint8Array
  readonly clock: () => Date
}

/** One-time codes by phone: few for a person in a day, few tries for each, and dead after minutes. */
export function createLoginCodes(options: LoginCodesOptions): LoginCodes {
  const { store } = options
  return {
    send: (request) => sendCode(options, request),
    check: (request) => checkCode(options, request),
    async isWaiting(interaction) {
      return (await store.newest(recordHash(interaction))) !== undefined
    },
  }
}

async function sendCode(
  { store, sender, key, clock }: LoginCodesOptions,
  { interaction, person, language }: Parameters<LoginCodes['send']>[0],
): Promise<boolean> {
  const now = seconds(clock)
  const hash = recordHash(interaction)
  const attempt = ((await store.newest(hash))?.attempt ?? 0) + 1
  if (attempt > CODES_PER_INTERACTION) return false
  const told = person !== undefined && (await mayBeSent(store, person.citizen, now))
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
  const row = {
    interaction: hash,
    attempt,
    citizen: told ? person.citizen : null,
    code_tag: keyedTag(key, `${hash}|${attempt}|${code}`),
    guesses: 0,
    sent_at: now,
    expires_at: now + CODE_SECONDS,
    used_at: null,
  }
  if (!(await store.put(row)) || !told) return true
  const expiresAt = new Date(row.expires_at * 1000)
  // Not waited for: how long sending takes would tell who exists.
  void sender.send({ ...person, code, language, expiresAt }).catch(() => undefined)
  return true
}

async function mayBeSent(store: LoginCodeStore, citizen: string, now: number): Promise<boolean> {
  const [quarter, day] = await Promise.all([
    store.countSince(citizen, now - QUARTER_SECONDS),
    store.countSince(citizen, now - DAY_SECONDS),
  ])
  return quarter < CODES_PER_QUARTER && day < CODES_PER_DAY
}

async function checkCode(
  { store, key, clock }: LoginCodesOptions,
  { interaction, code }: Parameters<LoginCodes['check']>[0],
): ReturnType<LoginCodes['check']> {
  const at = seconds(clock)
  const hash = recordHash(interaction)
  const newest = await store.newest(hash)
  if (newest === undefined) return { wrong: 'spent' }
  const attemptKey = { interaction: hash, attempt: newest.attempt }
  if (!(await store.countGuess(attemptKey, { at, limit: CODE_GUESSES }))) return { wrong: 'spent' }
  const right = keyedTag(key, `${hash}|${newest.attempt}|${code}`) === newest.code_tag
  if (right && newest.citizen !== null && (await store.use(attemptKey, at))) {
    return { citizen: newest.citizen }
  }
  return { wrong: newest.guesses + 1 >= CODE_GUESSES ? 'spent' : 'again' }
}

function seconds(clock: () => Date): number {
  return epochSeconds(clock())
}
