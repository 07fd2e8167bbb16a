import {
  type AccreditingParts,
  type AccreditOptions,
  accredit,
  platformUnknown,
  type RenewReport,
  renewAccreditations,
  type SignedAccreditation,
} from './accrediting.js'
import type { OperatorParts } from './minting.js'
import { IssuerError } from './issuer-error.js'
import {
  readRegistration,
  type RegisterOptions,
  type RegisterReport,
  registerPlatform,
  removed,
} from './platform-registering.js'
import { type PlatformReport, readReports, takeReport } from './platform-reports.js'

/** Why something was taken back; a code, never free text that could name somebody. */
const ACCREDITATION_REASONS = [
  'platform_asked',
  'key_compromised',
  'rules_broken',
  'facts_changed',
  'merged',
  'ceased',
  'lawful_order',
  'unspecified',
] as const
export type AccreditationReason = (typeof ACCREDITATION_REASONS)[number]

export type RevokeOptions = {
  readonly platform: string
  /** All purposes where none is named. */
  readonly purpose?: string
  /** One of `ACCREDITATION_REASONS`. */
  readonly reason: string
}

/** A platform as the operator sees it. */
export type PlatformSummary = {
  readonly platform: string
  readonly name: { readonly 'zh-CN': string; readonly en: string } | null
  readonly removedAt: Date | null
  readonly purposes: readonly {
    readonly purpose: string
    readonly legalBasis: string
    /** End of the newest accreditation that counts; `null` when there is none. */
    readonly accreditedUntil: Date | null
  }[]
}

/** What a registrar works with; put together in registrar-open.ts. */
export type RegistrarParts = AccreditingParts & OperatorParts

/** The registrar: who may ask what, for how long, and why not any more. */
export class Registrar {
  readonly #parts: RegistrarParts

  constructor(parts: RegistrarParts) {
    this.#parts = parts
  }

  /**
   * Registers a platform, or changes what is registered.
   *
   * @throws IssuerError see `registerPlatform`; `operator_…`.
   */
  async register(options: Omit<RegisterOptions, 'also'>): Promise<RegisterReport> {
    const { platforms, audit, access, clock } = this.#parts
    access.require('keys')
    const report = await registerPlatform(platforms, clock(), {
      ...options,
      also: (trx, subject) => audit.append(trx, { event: 'platform_registered', subject }),
    })
    await audit.settle()
    return report
  }

  /** Signs an accreditation. @throws IssuerError see `accredit`; `operator_…`. */
  async accredit(options: AccreditOptions): Promise<SignedAccreditation> {
    this.#parts.access.require('keys')
    const accreditation = await accredit(this.#parts, options)
    await this.#parts.audit.settle()
    return accreditation
  }

  /** Renews what ends within ten days. A job: it asks for no role. */
  async renew(): Promise<RenewReport> {
    const report = await renewAccreditations(this.#parts)
    await this.#parts.audit.settle()
    return report
  }

  /**
   * Revokes accreditations; public with the next publication. Gives how many.
   *
   * @throws IssuerError `accreditation_reason_unknown`, `platform_unknown`, `nothing_to_change`;
   *   `operator_…`.
   */
  async revoke({ platform, purpose, reason }: RevokeOptions): Promise<{ revoked: number }> {
    const { platforms, accreditations, audit, access } = this.#parts
    access.require('revoke')
    assertReason(reason)
    if ((await platforms.get(platform)) === undefined) throw platformUnknown()
    const revocation = {
      at: this.#seconds(),
      reason,
      ...(purpose === undefined ? {} : { purpose }),
    }
    const details = { reason, purpose: purpose ?? null }
    const event = { event: 'accreditation_revoked', subject: platform, details } as const
    const revoked = await accreditations.revoke(platform, revocation, (trx) =>
      audit.append(trx, event),
    )
    await audit.settle()
    if (revoked > 0) return { revoked }
    throw new IssuerError(
      'nothing_to_change',
      'There is no accreditation to revoke. List them with netcert platform list.',
    )
  }

  /**
   * Removes a platform for good: everything accredited is revoked, and the id stays taken.
   *
   * @throws IssuerError `accreditation_reason_unknown`, `platform_unknown`, `platform_removed`;
   *   `operator_…`.
   */
  async remove({ platform, reason }: Omit<RevokeOptions, 'purpose'>): Promise<void> {
    const { platforms, audit, access } = this.#parts
    access.require('revoke')
    assertReason(reason)
    if ((await platforms.get(platform)) === undefined) throw platformUnknown()
    const event = { event: 'platform_removed', subject: platform, details: { reason } } as const
    const isRemoved = await platforms.remove(platform, this.#seconds(), reason, (trx) =>
      audit.append(trx, event),
    )
    if (!isRemoved) throw removed()
    await audit.settle()
  }

  /** Every platform that ever was registered, by id. */
  async list(): Promise<readonly PlatformSummary[]> {
    const { platforms, accreditations } = this.#parts
    const current = await accreditations.current(this.#seconds())
    return (await platforms.list()).map((stored) => {
      const { id, removed_at: removedAt } = stored
      const { name, purposes } = readRegistration(stored)
      const until = (purpose: string): Date | null => {
        const found = current.find((one) => one.platform === id && one.purpose === purpose)
        return found === undefined ? null : new Date(found.expires_at * 1000)
      }
      return {
        platform: id,
        name,
        removedAt: removedAt === null ? null : new Date(removedAt * 1000),
        purposes: purposes.map(({ id: purpose, legal_basis: legalBasis }) => ({
          purpose,
          legalBasis,
          accreditedUntil: until(purpose),
        })),
      }
    })
  }

  /** Takes a citizen's report of a greedy request; gives its id. @throws IssuerError see `takeReport`. */
  takeReport(text: string): Promise<string> {
    return takeReport(this.#parts, text)
  }

  /** Reports of greedy requests, newest first. */
  reports(options: {
    readonly limit: number
    readonly platform?: string
  }): Promise<readonly PlatformReport[]> {
    return readReports(this.#parts.platforms, options)
  }

  #seconds(): number {
    return Math.floor(this.#parts.clock().getTime() / 1000)
  }
}

function assertReason(reason: string): void {
  // The callers are commands: what the compiler promises was typed by somebody.
  if ((ACCREDITATION_REASONS as readonly string[]).includes(reason)) return
  throw new IssuerError(
    'accreditation_reason_unknown',
    `That is no reason; use one of: ${ACCREDITATION_REASONS.join(', ')}.`,
  )
}
