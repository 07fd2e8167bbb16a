import { randomBytes } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import { civilDateAt } from '../civil-date.js'
import { createReference } from '../reference.js'
import { sealRecord } from '../sealed-record.js'
import { type ApplicationParts, contentContext } from './application-parts.js'
import { type ReadApplication, readApplication } from './application-reading.js'
import type { StoredApplication } from './application-store.js'
import { createConsentReceipt } from './consent-receipt.js'

/** An application that was taken in, and what the citizen keeps of it. */
export type SubmittedApplication = {
  readonly id: string
  /** What a presentation made for it has as its nonce. */
  readonly nonce: string
  /** The signed consent receipt, `netcert-consent+jwt`. */
  readonly receipt: string
}

/**
 * Takes an application in: what was stated is sealed under a key of its own, and the consent is
 * receipted.
 *
 * @throws IssuerError `application_invalid` with findings.
 */
export async function submitApplication(
  parts: ApplicationParts,
  input: unknown,
): Promise<SubmittedApplication> {
  const { store, vault, audit, clock } = parts
  const now = clock()
  const { written, content } = readApplication(input, civilDateAt(now))
  const { assurance, types, consent } = written
  const id = createReference('f')
  const nonce = randomBytes(16).toString('base64url')
  const receipt = await createConsentReceipt({
    signer: await parts.signer(),
    application: id,
    purposes: consent.purposes,
    language: consent.language,
    assurance,
    types,
    issuedAt: now,
  })
  const row = rowOf(vault, { id, nonce, written, content, now })
  return audit.record(async (trx) => {
    await store.put(trx, row)
    const details = { assurance, purposes: consent.purposes, language: consent.language }
    const event = { event: 'application_submitted', subject: id, details } as const
    return { result: { id, nonce, receipt }, event }
  })
}

type NewApplication = ReadApplication & {
  readonly id: string
  readonly nonce: string
  readonly now: Date
}

function rowOf(vault: Vault, application: NewApplication): StoredApplication {
  const { id, nonce, written, content, now } = application
  const at = epochSeconds(now)
  const { wrappedKey, sealed } = sealRecord(vault, content, contentContext(id))
  return {
    id,
    state: 'submitted',
    reason: null,
    version: 0,
    assurance_asked: written.assurance,
    assurance: null,
    nonce,
    citizen: null,
    guardian: null,
    types: JSON.stringify(written.types),
    consent_purposes: written.consent.purposes,
    consent_language: written.consent.language,
    wrapped_key: wrappedKey,
    sealed,
    enrolled_here: 0,
    submitted_at: at,
    changed_at: at,
  }
}
