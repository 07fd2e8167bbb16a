import type { PublicJwk, Trust } from '@netcert/credential'
import { epochSeconds, NETWORK_CERTIFICATE } from '@netcert/credential'
import type { Query } from '@netcert/protocol'
import { previewAnswer, type Question } from './answers.js'
import { type Cancellations, createCancellations } from './cancellation.js'
import type { CertificateSummary, CopiesLeft } from './certificate-summary.js'
import { copiesLeft, summaryOf } from './certificate-summary.js'
import type { Preview } from './consent.js'
import type { CopyKind } from './copy-choice.js'
import type { Issuance, OfferOutcome, ReceivedOffer, ReceiveOfferOptions } from './issuance.js'
import { type AnsweredGate, type AnswerGateOptions, answerGate } from './gate/gate-answer.js'
import { forgetPlatform } from './deletion-request.js'
import { createReports, type Reports } from './greedy-reports.js'
import { type ReportedRequest, reportGreedyRequest } from './greedy-requests.js'
import { type Deletion, type Disclosure, randomId } from './ledger.js'
import type { ChainCheck } from './ledger-chain.js'
import { type ExportedLedger, exportLedger } from './ledger-export.js'
import type { HeldPlatform } from './platform-access.js'
import { checkReceived, duplicate, rowsOf } from './received-copies.js'
import { type ShownCertificate, showCertificate } from './shown-certificate.js'
import { createMoving, type Moving } from './moving/moving.js'
import { type Presented, presentQuestion } from './presenting.js'
import type { DeferredReport } from './vci-deferred.js'
import type { Refillable } from './vci-on-demand.js'
import type { RenewalReport } from './vci-renewal.js'
import { linkabilityOf, type RequestPreview } from './vp-preview.js'
import { type PrintedPasses, type PrintPassesOptions, printPasses } from './sheet/print-passes.js'
import { typesAnswering } from './vp-refill.js'
import type { AnsweredBrowser, AnsweredRequest, RequestContext } from './vp-wallet.js'
import { answerBrowser, answerRequest, previewRequest } from './vp-wallet.js'
import { wardOfCopies } from './ward-records.js'
import { createWards, type Wards } from './wards.js'
import { createVouching, type Vouching } from './vouching.js'
import type { BatchSummary } from './stores.js'

/** What a wallet works with. */
export type WalletOptions = RequestContext & {
  /** Asked when something is received. @throws WalletError `trust_missing` */
  readonly trust: () => Promise<Trust>
  readonly issuance: Issuance
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
    /** A name of the issuer's for the child that a guardian's certificate is about. */
    readonly ward?: string
  }): Promise<void> {
    const { store, vault, clock, trust } = this.#options
    const { credentials, kind } = options
    const now = clock()
    const copies = await checkReceived({ credentials, store, trust: await trust(), now })
    const about = await wardOfCopies(this.#options, copies, options.ward)
    const { batch, rows } = rowsOf(copies, { kind, vault, now, ...about })
    if (!(await store.putBatch(batch, rows))) throw duplicate()
  }

  /** Leaving an issuer: the citizen's own word, and the receipt of it. */
  get cancellations(): Cancellations {
    return createCancellations(this.#options)
  }

  /** A word for somebody else: as recovery contact, or as guardian. */
  get vouching(): Vouching {
    return createVouching(this.#options)
  }

  /** To a new device, and from an old one. */
  get moving(): Moving {
    return createMoving(this.#options)
  }

  /** Takes up a credential offer; see {@link Issuance}. */
  receiveOffer(options: ReceiveOfferOptions): Promise<OfferOutcome> {
    return this.#options.issuance.receiveOffer(options)
  }

  /** Goes on after a sign-in, with the address the browser came back to. */
  continueOffer(options: { readonly redirect: string }): Promise<ReceivedOffer> {
    return this.#options.issuance.continueOffer(options)
  }

  /** Renews what is due by the wallet's own schedule, and at once what has run out or was revoked. */
  refill(): Promise<readonly RenewalReport[]> {
    return this.#options.issuance.refill()
  }

  /** What an answer to a query would have to be fetched first, for nothing is left. Asks nobody. */
  refillable(query: Query): Promise<readonly Refillable[]> {
    return this.#options.refills.find(typesAnswering(query, () => true))
  }

  /** Fetches what {@link refillable} names. Call it only after the citizen agreed: issuers can tell. */
  refillFor(query: Query): Promise<readonly RenewalReport[]> {
    return this.#options.refills.run(typesAnswering(query, () => true))
  }

  /** Asks issuers for what they put off, where it is due. */
  pollDeferred(): Promise<readonly DeferredReport[]> {
    return this.#options.issuance.pollDeferred()
  }

  /** Deletes a certificate with its copies and keys, and tells an issuer that asked to be told. */
  forget(id: string): Promise<void> {
    return this.#options.issuance.forget(id)
  }

  /** The certificates that have not expired, newest first. */
  async list(): Promise<readonly CertificateSummary[]> {
    return (await this.#batches()).map(summaryOf)
  }

  /** How many copies remain, by type and kind. */
  async remaining(): Promise<readonly CopiesLeft[]> {
    return copiesLeft(await this.#batches())
  }

  /** The claims of a certificate by name. @throws as `showCertificate` of shown-certificate.ts */
  show(id: string, options: { readonly reveal?: boolean } = {}): Promise<ShownCertificate> {
    return showCertificate(this.#options, id, options.reveal === true)
  }

  /** What {@link present} would show, for the consent screen; nothing is used up. @throws as it */
  async preview(question: Question): Promise<Preview> {
    const linkability = await linkabilityOf(this.#options, question)
    return previewAnswer(this.#options, question, { now: this.#options.clock(), linkability })
  }

  /**
   * Answers a query with the least revealing copy. A one-time copy is marked used, durably, before
   * the presentation leaves: whatever happens then, no copy is ever shown twice, by parallel calls
   * and other processes neither.
   *
   * @throws WalletError `query_unanswered`, `copies_used_up`; ProtocolError
   */
  async present(question: Question & { readonly nonce: string }): Promise<Presented> {
    const { presentation, answer } = await presentQuestion(this.#options, question)
    const { batch, paths } = answer
    const left = (await this.#batches()).find((candidate) => candidate.id === batch.id)
    const copy = summaryOf({ ...batch, remaining: left?.remaining ?? 0 })
    return { presentation, disclosed: paths, copy, remaining: copy.remaining }
  }

  /** What {@link answerRequest} would show. @throws as `previewRequest` of vp-wallet.ts */
  previewRequest(request: string, ward?: string): Promise<RequestPreview> {
    return previewRequest(this.#options, request, ward)
  }

  /** Answers a verifier's link (OpenID4VP 1.0). @throws as `answerRequest` of vp-wallet.ts */
  answerRequest(options: Parameters<typeof answerRequest>[1]): Promise<AnsweredRequest> {
    return answerRequest(this.#options, options)
  }

  /** Answers a web page through the browser. @throws as `answerBrowser` of vp-wallet.ts */
  answerBrowser(options: Parameters<typeof answerBrowser>[1]): Promise<AnsweredBrowser> {
    return answerBrowser(this.#options, options)
  }

  /** Makes the code for a gate, without a network. @throws as `answerGate` of gate/gate-answer.ts */
  answerGate(options: AnswerGateOptions): Promise<AnsweredGate> {
    return answerGate(this.#options, options)
  }

  /** Signs gate passes for paper. @throws as `printPasses` of sheet/print-passes.ts */
  printPasses(options: PrintPassesOptions): Promise<PrintedPasses> {
    return printPasses(this.#options, options)
  }

  /** Who learned what, newest first. */
  ledger(): Promise<readonly Disclosure[]> {
    return this.#options.ledger.disclosures()
  }

  /** The whole ledger with its chain, for a file. */
  exportLedger(): Promise<ExportedLedger> {
    return exportLedger(this.#options)
  }

  /** Checks the chain of the ledger; names the first bad line. */
  checkLedger(): Promise<ChainCheck> {
    return this.#options.ledger.check()
  }

  /** How each demand to delete stands, newest first; late ones say so. */
  deletions(): Promise<readonly Deletion[]> {
    return this.#options.ledger.deletions()
  }

  /** Demands of a platform that it delete. @throws as `forgetPlatform` of deletion-request.ts */
  forgetPlatform(platformId: string, ward?: string): Promise<Deletion> {
    return forgetPlatform(this.#options, platformId, ward)
  }

  /** The children the citizen holds certificates for. */
  get wards(): Wards {
    return createWards(this.#options)
  }

  /** Reports a greedy request. @throws as `reportGreedyRequest` of greedy-requests.ts */
  reportRequest(which: string): Promise<ReportedRequest> {
    return reportGreedyRequest(this.#options, which)
  }

  /** Greedy requests: what can be reported, and what was. */
  get reports(): Reports {
    return createReports(this.#options)
  }

  /** Has a platform's copy fetched some time within a day. @throws `platform_copy_missing` */
  preparePlatform(platformId: string): Promise<Date> {
    return this.#options.platforms.prepare({ platformId, ward: null, vct: NETWORK_CERTIFICATE })
  }

  /** The platforms of which there is a copy, or will be one. */
  platforms(): Promise<readonly HeldPlatform[]> {
    return this.#options.platforms.list()
  }

  #batches(): Promise<BatchSummary[]> {
    return this.#options.store.batches(epochSeconds(this.#options.clock()))
  }
}
