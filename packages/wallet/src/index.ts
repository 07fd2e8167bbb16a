export type { Question } from './answers.js'
export type { CancellationQuestion, Cancellations, CancelOptions } from './cancellation.js'
export type { VouchingQuestion, VouchOptions } from './vouching.js'
export type { KeptErasure } from './cancelled-issuer.js'
export type { CertificateSummary, ShownClaim } from './certificate-summary.js'
export type { ClaimName } from './claim-labels.js'
export type { WalletConfig } from './config.js'
export { readConfig } from './config.js'
export type { ConsentHint, Preview } from './consent.js'
export type { CopyKind } from './copy-choice.js'
export type { CertificatePause, HeldCertificate, OwnPause } from './held-pauses.js'
export type { OwnPauseRequest } from './own-pause.js'
export type { WalletErrorCode } from './errors.js'
export { WalletError } from './errors.js'
export type {
  OfferOutcome,
  ReceivedOffer,
  ReceiveOfferOptions,
} from './issuance.js'
export type { Deletion, Disclosure } from './ledger.js'
export type { OpenWallet, OpenWalletOptions } from './open.js'
export { openWallet } from './open.js'
export type { VerifierTrust } from './verifier-trust.js'
export type { ReportedRequest } from './greedy-requests.js'
export type { ChainCheck, LedgerEntry } from './ledger-chain.js'
export type { PlatformNote } from './ledger-entry.js'
export { brokenLedger, checkExportedLedger, type ExportedLedger } from './ledger-export.js'
export type { HeldPlatform } from './platform-access.js'
export type { PublishedSource } from './published-lists.js'
export { registrarStatusFile } from './registrar-status-file.js'
export { readRootPin } from './root-open.js'
export type { IdentityClaim, ShownAccreditation, WithheldClaim } from './shown-accreditation.js'
export type { ShownBefore } from './shown-before.js'
export type { SharedPresentation } from './vp-present.js'
export type { ReceiptState } from './vp-receipt.js'
export type { AskConsent, ConsentDecision } from './vp-consent.js'
export type { OpenAddress } from './vp-delivery.js'
export type {
  NeededCopy,
  PreviewedCredential,
  PreviewState,
  RequestPreview,
  ShownTransaction,
  ShownVerifier,
} from './vp-preview.js'
export type { AnsweredBrowser, AnsweredRequest, BrowserAnswer } from './vp-wallet.js'
export type { Presented } from './presenting.js'
export type { Wallet } from './wallet.js'
export type { DeferredReport } from './vci-deferred.js'
export type { WalletProvider } from './vci-ground.js'
export type { OfferConsent, OfferQuestion } from './vci-offer.js'
export type { Refillable } from './vci-on-demand.js'
export type { RenewalReason, RenewalReport } from './vci-renewal.js'
export type { ShownCertificate } from './shown-certificate.js'
export type {
  AnsweredGate,
  AnswerGateOptions,
  AskGateConsent,
  GatePreview,
} from './gate/gate-answer.js'
export type { DifferingClocks } from './gate/gate-time.js'
export type { PrintedPasses, PrintPassesOptions, SheetPreview } from './sheet/print-passes.js'
export { MOST_PASSES, type SheetContent, type SheetPass } from './sheet/sheet-content.js'
export type { ChooseWard } from './vp-subject.js'
export type { HeldWard } from './ward-records.js'
