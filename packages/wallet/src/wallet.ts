import type { KeyStore, Vault } from '@netcert/agent'
import type { ClaimPath, PublicJwk, Trust } from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import type { Answer, Question } from './answers.js'
import { answerFrom, findAnswers } from './answers.js'
import type { CertificateSummary, ShownClaim } from './certificate-summary.js'
import { remainingAfterUse, shownClaims, summaryOf } from './certificate-summary.js'
import type { Preview } from './consent.js'
import { consentHints } from './consent.js'
import type { CopyKind } from './copy-choice.js'
import { epochSeconds } from './epoch-seconds.js'
import { WalletError } from './errors.js'
import type { Disclosure } from './ledger.js'
import { audienceTag, openDisclosure, randomId, sealDisclosure } from './ledger.js'
import { checkReceived, duplicate, openCopy, rowsOf } from './received-copies.js'
import type { BatchSummary, WalletStore } from './store.js'

const MOST_LEDGER_LINES = 10_000

/** What a wallet works with. */
export type WalletOptions = {
  readonly store: WalletStore
  readonly keyStore: KeyStore
  readonly vault: Vault
  readonly clock: () => Date
  /** Asked when something is received. @throws WalletError `trust_missing` */
  readonly trust: () => Promise<Trust>
}

/** What came of a presentation. */
export type Presented = {
  /** `<issuer-jwt>~<disclosures>~<kb-jwt>`, to be sent to the audience. */
  readonly presentation: string
  readonly disclosed: readonly ClaimPath[]
  readonly copy: CertificateSummary
  /** Copies of this certificate that are left. */
  readonly remaining: number
}

/** Holds certificates for one citizen and presents the least that answers. */
export class Wallet {
  readonly #options: WalletOptions

  constructor(options: WalletOptions) {
    this.#options = options
  }

  /** Makes keys for copies to be minted, one each. They are on disk when this resolves. */
  async createHolderKeys(count: number): Promise<PublicJwk[]> {
    const aliases = Array.from({ length: count }, () => `holder-${randomId()}`)
    const keys = await this.#options.keyStore.createMany({ aliases, type: 'P-256' })
    return keys.map((key) => key.jwk)
  }

  /**
   * Takes in the copies of one certificate, all or none, after verifying each.
   *
   * @throws WalletError `key_foreign`, `copy_duplicate`, `batch_mixed`, `batch_empty`,
   *   `trust_missing`; CredentialError with the code of the step that failed
   */
  async receive(options: {
    readonly credentials: readonly string[]
    readonly kind: CopyKind
  }): Promise<void> {
    const { store, vault, clock, trust } = this.#options
    const { credentials, kind } = options
    const now = clock()
    const copies = await checkReceived({ credentials, store, trust: await trust(), now })
    const { batch, rows } = rowsOf(copies, { kind, vault, now })
    if (!(await store.putBatch(batch, rows))) throw duplicate()
  }

  /** The certificates that have not expired, newest first. */
  async list(): Promise<readonly CertificateSummary[]> {
    return (await this.#batches()).map(summaryOf)
  }

  /** How many copies remain, by type and kind. */
  async remaining(): Promise<readonly { vct: string; kind: CopyKind; copies: number }[]> {
    const totals = new Map<string, { vct: string; kind: CopyKind; copies: number }>()
    for (const { vct, kind, remaining } of await this.#batches()) {
      const key = `${kind} ${vct}`
      totals.set(key, { vct, kind, copies: (totals.get(key)?.copies ?? 0) + remaining })
    }
    return [...totals.values()]
  }

  /**
   * The claims of a certificate by name; their values only with `reveal`.
   *
   * @throws WalletError `certificate_unknown`, `copies_used_up`
   */
  async show(
    id: string,
    options: { readonly reveal?: boolean } = {},
  ): Promise<CertificateSummary & { readonly claims: readonly ShownClaim[] }> {
    const { store, vault, clock } = this.#options
    const batch = (await this.#batches()).find((candidate) => candidate.id === id)
    if (batch === undefined) {
      throw new WalletError('certificate_unknown', 'no certificate has this id; see the list.')
    }
    const copy = await store.anyCopyOf(id, epochSeconds(clock()))
    if (copy === undefined) throw usedUp()
    const { claims } = openCopy(vault, copy)
    return { ...summaryOf(batch), claims: shownClaims(batch.vct, claims, options.reveal === true) }
  }

  /**
   * What {@link present} would show, for the consent screen. Nothing is used up.
   *
   * @throws WalletError `query_unanswered`, `copies_used_up`; ProtocolError
   */
  async preview(question: Question): Promise<Preview> {
    const [answer] = await findAnswers(this.#options, question, this.#options.clock())
    if (answer === undefined) throw usedUp()
    const { batch, claims, kind } = answer
    const remainingAfter = remainingAfterUse(batch)
    return {
      audience: question.audience,
      vct: batch.vct,
      issuer: batch.issuer,
      kind,
      claims,
      remainingAfter,
      hints: consentHints({ ...answer, remainingAfter }),
    }
  }

  /**
   * Answers a query with the least revealing copy.
   *
   * A one-time copy is marked used, durably, before the presentation leaves: whatever happens then,
   * no copy is ever shown twice, by parallel calls and other processes neither.
   *
   * @throws WalletError `query_unanswered`, `copies_used_up`; ProtocolError
   */
  async present(question: Question & { readonly nonce: string }): Promise<Presented> {
    const now = this.#options.clock()
    for (const first of await findAnswers(this.#options, question, now)) {
      let answer: Answer | null = first
      // Each turn lost means that another call used that copy; so this ends when none is left.
      while (answer !== null) {
        const presentation = await this.#use(answer, question, now)
        if (presentation !== null) return this.#report(presentation, answer)
        answer = await answerFrom(this.#options, question, answer.batch, now)
      }
    }
    throw usedUp()
  }

  /** Who learned what, newest first. */
  async ledger(): Promise<readonly Disclosure[]> {
    const rows = await this.#options.store.disclosures(MOST_LEDGER_LINES)
    return rows.map((row) => openDisclosure(this.#options.vault, row))
  }

  /** @returns null when another call was faster with this copy. */
  async #use(
    answer: Answer,
    { audience, nonce }: Question & { readonly nonce: string },
    now: Date,
  ): Promise<string | null> {
    const { store, keyStore, vault } = this.#options
    const { copy, held, paths, kind, batch } = answer
    const signer = await keyStore.signer(copy.key_alias).catch(keyGone)
    if (signer === null) return null
    // Signed first and released last: a copy is not used up by a signature that fails.
    const presentation = await createPresentation({
      credential: held,
      paths,
      signer,
      audience,
      nonce,
      issuedAt: now,
    })
    const entry = sealDisclosure(vault, {
      disclosedAt: now,
      audience,
      vct: batch.vct,
      kind,
      claims: paths,
    })
    const mine =
      kind === 'one-time'
        ? await store.useOnce(copy, epochSeconds(now), entry)
        : await store.useAt(copy, audienceTag(vault, audience), epochSeconds(now), entry)
    return mine ? presentation : null
  }

  async #report(presentation: string, { batch, paths }: Answer): Promise<Presented> {
    const left = (await this.#batches()).find((candidate) => candidate.id === batch.id)
    const remaining = left?.remaining ?? 0
    return { presentation, disclosed: paths, copy: summaryOf({ ...batch, remaining }), remaining }
  }

  #batches(): Promise<BatchSummary[]> {
    return this.#options.store.batches(epochSeconds(this.#options.clock()))
  }
}

/** The key of a used copy is erased with it, so a missing key means that another call was faster. */
function keyGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'key_unknown') return null
  throw error
}

function usedUp(): WalletError {
  return new WalletError(
    'copies_used_up',
    'no copy of this certificate is left; fetch new copies from the issuer.',
  )
}
