import { NETWORK_CERTIFICATE, type PublicJwk } from '@netcert/credential'
import type { Query } from '@netcert/protocol'
import type { Question } from './answers.js'
import type { Cancellations } from './cancellation.js'
import { type CopiesLeft, copiesLeft } from './certificate-summary.js'
import type { Preview } from './consent.js'
import { askedLater } from './asked-later.js'
import type { ReceivedCredentials } from './receiving.js'
import type { OfferOutcome, ReceivedOffer, ReceiveOfferOptions } from './issuance.js'
import type { AnsweredGate, AnswerGateOptions } from './gate/gate-answer.js'
import { type HeldCertificate, heldCertificates, type OwnPause, ownPauses } from './held-pauses.js'
import type { OwnPauseRequest } from './own-pause.js'
import type { Reports } from './greedy-reports.js'
import type { ReportedRequest } from './greedy-requests.js'
import type { Deletion, Disclosure } from './ledger.js'
import type { ChainCheck } from './ledger-chain.js'
import type { ExportedLedger } from './ledger-export.js'
import type { HeldPlatform } from './platform-access.js'
import type { ShownCertificate } from './shown-certificate.js'
import type { Moving } from './moving/moving.js'
import type { Presented } from './presenting.js'
import type { DeferredReport } from './vci-deferred.js'
import type { Refillable } from './vci-on-demand.js'
import type { IssuanceGround } from './vci-ground.js'
import type { RenewalReport } from './vci-renewal.js'
import type { RequestPreview } from './vp-preview.js'
import type { PrintedPasses, PrintPassesOptions } from './sheet/print-passes.js'
import { typesAnswering } from './vp-refill.js'
import type * as vp from './vp-wallet.js'
import type { Wards } from './wards.js'
import type { Vouching } from './vouching.js'

/** What a wallet works with. */
export type WalletOptions = vp.RequestContext & IssuanceGround

/**
 * Holds certificates for one citizen and presents the least that answers. Each act comes with its code
 * when it is first asked for: a page loads what is used, and no more.
 */
export class Wallet {
  readonly #options: WalletOptions

  constructor(options: WalletOptions) {
    this.#options = options
  }

  /** Makes keys for copies to be minted, one each. They are on disk when this resolves. */
  async createHolderKeys(count: number): Promise<PublicJwk[]> {
    const { createHolderKeys } = await import('./receiving.js')
    return createHolderKeys(this.#options.keyStore, count)
  }

  /**
   * Takes in the copies of one certificate, all or none, after verifying each.
   *
   * @throws WalletError `key_foreign`, `copy_duplicate`, `batch_mixed`, `batch_empty`,
   *   `trust_missing`; CredentialError with the code of the step that failed
   */
  async receive(options: ReceivedCredentials): Promise<void> {
    const { receiveCopies } = await import('./receiving.js')
    await receiveCopies(this.#options, options)
  }

  /** Leaving an issuer: the citizen's own word, and the receipt of it. */
  get cancellations(): Cancellations {
    return askedLater(async () =>
      (await import('./cancellation.js')).createCancellations(this.#options),
    )
  }

  /** A word for somebody else: as recovery contact, or as guardian. */
  get vouching(): Vouching {
    return askedLater(async () => (await import('./vouching.js')).createVouching(this.#options))
  }

  /** To a new device, and from an old one. */
  get moving(): Moving {
    return askedLater(async () => (await import('./moving/moving.js')).createMoving(this.#options))
  }

  /** Takes up a credential offer; @throws as `receiveOffer` of issuance.ts. */
  async receiveOffer(options: ReceiveOfferOptions): Promise<OfferOutcome> {
    const { receiveOffer } = await import('./issuance.js')
    return receiveOffer(this.#options, options)
  }

  /** Goes on after a sign-in, with the address the browser came back to. */
  async continueOffer(options: { readonly redirect: string }): Promise<ReceivedOffer> {
    const { continueOffer } = await import('./issuance.js')
    return continueOffer(this.#options, options)
  }

  /** Renews what is due by the wallet's own schedule, and at once what has run out or was revoked. */
  async refill(): Promise<readonly RenewalReport[]> {
    const { refill } = await import('./issuance.js')
    return refill(this.#options)
  }

  /** What an answer to a query would have to be fetched first, for nothing is left. Asks nobody. */
  refillable(query: Query): Promise<readonly Refillable[]> {
    return this.#options.refills.find(typesAnswering(query, () => true))
  }

  /** Fetches what {@link refillable} names. Call it only after the citizen agreed: issuers can tell. */
  refillFor(query: Query): Promise<readonly RenewalReport[]> {
    return this.#options.refills.run(typesAnswering(query, () => true))
  }

  /** Pauses everything the citizen holds, on each of their devices. @throws as `pauseOwn` */
  async pause(request: OwnPauseRequest = {}): Promise<readonly OwnPause[]> {
    const { pauseOwn } = await import('./own-pause.js')
    return pauseOwn(this.#options, request)
  }

  /** The citizen's own pauses that this wallet asked for, while they last. */
  pauses(): Promise<readonly OwnPause[]> {
    return ownPauses(this.#options)
  }

  /** Asks issuers for what they put off, where it is due. */
  async pollDeferred(): Promise<readonly DeferredReport[]> {
    const { pollDeferred } = await import('./vci-deferred.js')
    return pollDeferred(this.#options)
  }

  /** Deletes a certificate with its copies and keys, and tells an issuer that asked to be told. */
  async forget(id: string): Promise<void> {
    const { forget } = await import('./issuance.js')
    return forget(this.#options, id)
  }

  /** The certificates that have not expired, newest first, and which of them are paused. */
  list(): Promise<readonly HeldCertificate[]> {
    return heldCertificates(this.#options)
  }

  /** How many copies remain, by type and kind. */
  async remaining(): Promise<readonly CopiesLeft[]> {
    return copiesLeft(await this.list())
  }

  /** The claims of a certificate by name. @throws as `showCertificate` of shown-certificate.ts */
  async show(id: string, options: { readonly reveal?: boolean } = {}): Promise<ShownCertificate> {
    const { showCertificate } = await import('./shown-certificate.js')
    return showCertificate(this.#options, id, options.reveal === true)
  }

  /** What {@link present} would show, for the consent screen; nothing is used up. @throws as it */
  async preview(question: Question): Promise<Preview> {
    const { previewQuestion } = await import('./presenting.js')
    return previewQuestion(this.#options, question)
  }

  /**
   * Answers a query with the least revealing copy. A one-time copy is marked used, durably, before
   * the presentation leaves: whatever happens then, no copy is ever shown twice, by parallel calls
   * and other processes neither.
   *
   * @throws WalletError `query_unanswered`, `copies_used_up`; ProtocolError
   */
  async present(question: Question & { readonly nonce: string }): Promise<Presented> {
    const { presentQuestion } = await import('./presenting.js')
    return presentQuestion(this.#options, question)
  }

  /** What {@link answerRequest} would show. @throws as `previewRequest` of vp-wallet.ts */
  async previewRequest(request: string, ward?: string): Promise<RequestPreview> {
    const { previewRequest } = await import('./vp-wallet.js')
    return previewRequest(this.#options, request, ward)
  }

  /** Answers a verifier's link (OpenID4VP 1.0). @throws as `answerRequest` of vp-wallet.ts */
  async answerRequest(options: vp.AnswerRequestOptions): Promise<vp.AnsweredRequest> {
    const { answerRequest } = await import('./vp-wallet.js')
    return answerRequest(this.#options, options)
  }

  /** Answers a web page through the browser. @throws as `answerBrowser` of vp-wallet.ts */
  async answerBrowser(options: vp.AnswerBrowserOptions): Promise<vp.AnsweredBrowser> {
    const { answerBrowser } = await import('./vp-wallet.js')
    return answerBrowser(this.#options, options)
  }

  /** Makes the code for a gate, without a network. @throws as `answerGate` of gate/gate-answer.ts */
  async answerGate(options: AnswerGateOptions): Promise<AnsweredGate> {
    const { answerGate } = await import('./gate/gate-answer.js')
    return answerGate(this.#options, options)
  }

  /** Signs gate passes for paper. @throws as `printPasses` of sheet/print-passes.ts */
  async printPasses(options: PrintPassesOptions): Promise<PrintedPasses> {
    const { printPasses } = await import('./sheet/print-passes.js')
    return printPasses(this.#options, options)
  }

  /** Who learned what, newest first. */
  ledger(): Promise<readonly Disclosure[]> {
    return this.#options.ledger.disclosures()
  }

  /** The whole ledger with its chain, for a file. */
  async exportLedger(): Promise<ExportedLedger> {
    const { exportLedger } = await import('./ledger-export.js')
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
  async forgetPlatform(platformId: string, ward?: string): Promise<Deletion> {
    const { forgetPlatform } = await import('./deletion-request.js')
    return forgetPlatform(this.#options, platformId, ward)
  }

  /** The children the citizen holds certificates for. */
  get wards(): Wards {
    return askedLater(async () => (await import('./wards.js')).createWards(this.#options))
  }

  /** Reports a greedy request. @throws as `reportGreedyRequest` of greedy-requests.ts */
  async reportRequest(which: string): Promise<ReportedRequest> {
    const { reportGreedyRequest } = await import('./greedy-requests.js')
    return reportGreedyRequest(this.#options, which)
  }

  /** Greedy requests: what can be reported, and what was. */
  get reports(): Reports {
    return askedLater(async () =>
      (await import('./greedy-reports.js')).createReports(this.#options),
    )
  }

  /** Has a platform's copy fetched some time within a day. @throws `platform_copy_missing` */
  preparePlatform(platformId: string): Promise<Date> {
    return this.#options.platforms.prepare({ platformId, ward: null, vct: NETWORK_CERTIFICATE })
  }

  /** The platforms of which there is a copy, or will be one. */
  platforms(): Promise<readonly HeldPlatform[]> {
    return this.#options.platforms.list()
  }
}
