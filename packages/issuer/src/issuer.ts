import type { PublicJwk } from '@netcert/credential'
import type { ApplicationDesk } from './application/application-desk.js'
import type { AuditDesk } from './audit/audit-desk.js'
import { examineAudit } from './audit/audit-examination.js'
import type { OperatorDesk } from './audit/operators.js'
import type { CitizenRegister } from './authentic-source.js'
import type { ImportOptions, ImportReport } from './citizen-import.js'
import { type CitizenPage, type ListCitizensOptions, listCitizens } from './citizen-page.js'
import { importRecorded } from './recorded-import.js'
import { resumeSigning } from './signing-resumption.js'
import type { CertificateDesk } from './ending/certificate-desk.js'
import type { EndingDesk } from './ending/ending-assembly.js'
import { type ExaminationParts, examine, type Problem } from './examination.js'
import type { ErasureDesk } from './erasure/cancellation-desk.js'
import type { RetentionDesk } from './erasure/retention.js'
import type { KeyDesk } from './lists/key-desk.js'
import type { ListsDesk } from './lists/lists-desk.js'
import type { MinorDesk } from './minors/minor-desk.js'
import type { PackDesk } from './offline-pack/pack-desk.js'
import type { NumberDesk } from './number-desk.js'
import type { PlanTerms } from './plan-commit.js'
import {
  type PresenceCheck,
  type PresenceParts,
  type RecordedPresence,
  recordPresence,
} from './presence.js'
import type { PresentedCertificates } from './presented-certificate.js'
import type { SignedMetadataRequest } from './certificate-signer.js'
import {
  type MintedBatch,
  type MintingParts,
  type OperatorParts,
  type MintOptions,
  mintBatch,
  type PlannedBatch,
  planBatch,
  reopenPlan,
  signPlanned,
} from './minting.js'
import {
  currentTrustListToken,
  type PublicationParts,
  type PublishOptions,
  type PublishReport,
  publish,
} from './publication.js'
import type { IssuerStore } from './store.js'

/** What an issuer works with; put together in open.ts. */
export type IssuerParts = {
  readonly register: CitizenRegister
  readonly store: IssuerStore
  readonly clock: () => Date
  readonly minting: MintingParts & OperatorParts
  readonly publication: PublicationParts
  readonly examination: ExaminationParts
  readonly numbers: NumberDesk
  readonly keys: KeyDesk
  readonly packs: PackDesk
  readonly lists: ListsDesk
  readonly minors: MinorDesk
  readonly applications: ApplicationDesk
  readonly presence: PresenceParts
  readonly erasure: ErasureDesk
  readonly retention: RetentionDesk
  readonly presented: PresentedCertificates
  readonly certificates: CertificateDesk
  readonly ending: EndingDesk
  readonly auditLog: AuditDesk
  readonly operators: OperatorDesk
}

/** The issuer: authentic source, enrolment, minting, status, publishing. */
export class Issuer {
  readonly #parts: IssuerParts

  constructor(parts: IssuerParts) {
    this.#parts = parts
  }

  /** Officers, and re-identification on a lawful order. */
  get numbers(): NumberDesk {
    return this.#parts.numbers
  }

  /** What is published: the job of it, and how it stands. */
  get lists(): ListsDesk {
    return this.#parts.lists
  }

  /** Offline packs: all of that in one file. */
  get packs(): PackDesk {
    return this.#parts.packs
  }

  /** All keys of the issuer, and their rotation. */
  get keys(): KeyDesk {
    return this.#parts.keys
  }

  /** Applications, from the consent to the certificate. */
  get applications(): ApplicationDesk {
    return this.#parts.applications
  }

  /** Minors and their guardians: custody, birthdays, and what guardians hold. */
  get minors(): MinorDesk {
    return this.#parts.minors
  }

  /** Cancelling people, and what they are given for it. */
  get erasure(): ErasureDesk {
    return this.#parts.erasure
  }

  /** How long everything is kept, and the job that removes it then. */
  get retention(): RetentionDesk {
    return this.#parts.retention
  }

  /** This issuer's own certificates when they come back to it. */
  get presented(): PresentedCertificates {
    return this.#parts.presented
  }

  /** Suspending, reinstating and revoking certificates. */
  get certificates(): CertificateDesk {
    return this.#parts.certificates
  }

  /** Devices, revocation codes, recovery contacts and corrections. */
  get ending(): EndingDesk {
    return this.#parts.ending
  }

  /** What is on record here, and whether it is whole. */
  get auditLog(): AuditDesk {
    return this.#parts.auditLog
  }

  /** Who may operate this issuer. */
  get operators(): OperatorDesk {
    return this.#parts.operators
  }

  /**
   * Imports a CSV file into the authentic source; enrols nobody.
   *
   * @throws IssuerError `csv_…` for a file that cannot be read at all, `import_busy`. A bad row is
   *   no error: the report lists it.
   */
  importCitizens(options: ImportOptions): Promise<ImportReport> {
    return importRecorded(this.#parts, options)
  }

  /** References of the authentic source, in an order that says nothing. */
  async listCitizens(options: ListCitizensOptions): Promise<CitizenPage> {
    this.#parts.minting.access.require('enrol')
    return listCitizens(this.#parts.register, options)
  }

  /**
   * Mints one batch for a citizen, enrolling them if they were not.
   *
   * @throws IssuerError see `mintBatch`.
   */
  mint(options: MintOptions): Promise<MintedBatch> {
    return mintBatch(this.#parts.minting, options)
  }

  /**
   * The first half of `mint`, under a grant: commits the plan, and what goes with it.
   *
   * @throws IssuerError see `planBatch`.
   */
  plan(options: MintOptions, terms: PlanTerms): Promise<PlannedBatch> {
    return planBatch(this.#parts.minting, options, terms)
  }

  /**
   * The second half of `mint`, for wallets of anybody: its certificates name the issuer's key, and
   * carry a platform number where the wallet sent a blinded point.
   *
   * @throws IssuerError see `CertificateSigner.sign`.
   */
  sign(
    planned: PlannedBatch,
    holderJwks: readonly PublicJwk[],
    blinded: string | null,
  ): Promise<MintedBatch> {
    return signPlanned(this.#parts.minting, planned, { holderJwks, blinded, namesKey: true })
  }

  /** A plan that was committed and perhaps never signed. @throws IssuerError `batch_unknown`. */
  reopenPlan(batch: string): Promise<PlannedBatch> {
    return reopenPlan(this.#parts.minting, batch)
  }

  /** One of the issuer's own metadata documents, signed. @throws IssuerError `signer_…`. */
  signMetadata(request: SignedMetadataRequest): Promise<string> {
    return this.#parts.minting.certificates.signMetadata(request)
  }

  /** @throws IssuerError `citizen_unknown` when the authentic source has no such person. */
  async assertCitizen(citizen: string): Promise<void> {
    await this.#parts.minting.enrolment.standing(citizen)
  }

  /**
   * Takes note that somebody was there in person: their next platform copy says so.
   *
   * @throws IssuerError `citizen_unknown`.
   */
  recordPresence(check: PresenceCheck): Promise<RecordedPresence> {
    return recordPresence(this.#parts.presence, check)
  }

  /**
   * Writes trust list, status lists and type metadata as static files.
   *
   * @throws IssuerError `root_key_needed`, `root_key_wrong`, `root_key_malformed`, `publish_busy`.
   */
  publish(options: PublishOptions): Promise<PublishReport> {
    return publish(this.#parts.publication, options)
  }

  /**
   * The trust list, signed by the root: what a wallet on this machine receives by.
   *
   * @throws IssuerError `root_key_needed`, `root_key_wrong`, `root_key_malformed`.
   */
  trustList(): Promise<string> {
    return currentTrustListToken(this.#parts.publication)
  }

  /** Takes the differences of signatures and plans as looked into, and lets signing go on. */
  resumeSigning(): Promise<{ readonly accepted: number }> {
    return resumeSigning({ ...this.#parts.examination, ...this.#parts.minting })
  }

  /** Looks for what is wrong or soon will be; nothing is changed. */
  async examine(): Promise<readonly Problem[]> {
    const { examination, auditLog } = this.#parts
    return [...(await examine(examination)), ...(await examineAudit(auditLog))]
  }
}
