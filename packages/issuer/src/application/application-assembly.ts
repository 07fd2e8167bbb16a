import { join } from 'node:path'
import type { CertifiedSigner, Signer } from '@netcert/credential'
import { createLoginCodes } from '../as-login-code.js'
import { createLoginCodeStore } from '../as-login-code-store.js'
import type { CitizenRegister } from '../authentic-source.js'
import type { Enrolment } from '../enrolment.js'
import type { IssuerGround } from '../issuer-assembly.js'
import type { HolderRules } from '../minors/offer-holder.js'
import { createOfferStore } from '../vci-offer-store.js'
import { createCredentialOffers } from '../vci-offers.js'
import { type ApplicationDesk, createApplicationDesk } from './application-desk.js'
import type { ApplicationParts } from './application-parts.js'
import { createApplicationStore } from './application-store.js'
import { createChipApplicationEvidence } from './chip-evidence.js'
import type { EvidenceChecker } from './evidence.js'
import { createPhoneEvidence, type PhoneEvidence } from './phone-evidence.js'
import { createPresenceEvidence, readLivenessProviders } from './presence-evidence.js'
import { createRegistryEvidence } from './registry-evidence.js'

/** What applications are put together from, beside the ground. */
export type ApplicationAssembly = {
  readonly register: CitizenRegister
  readonly enrolment: Enrolment
  readonly signer: () => Promise<Signer | CertifiedSigner>
  readonly assertWard: HolderRules['assertWard']
  readonly assertCitizen: HolderRules['assertCitizen']
  readonly undoEnrolment: ApplicationParts['undoEnrolment']
  readonly contactEvidence: EvidenceChecker<'contact'>
  readonly guardianEvidence: EvidenceChecker<'guardian'>
}

/** Puts the desk of applications together. */
export function assembleApplications(
  ground: IssuerGround,
  parts: ApplicationAssembly,
): ApplicationDesk {
  const { register, enrolment, signer, assertWard, undoEnrolment } = parts
  const { config, folder, database, vault, audit, access, clock } = ground
  const baseUrl = config.base_url
  const phone = phoneEvidence(ground)
  const store = createApplicationStore(database)
  const presence = { providers: () => readLivenessProviders(folder.dir), actor: access.actor }
  return createApplicationDesk({
    ...{ store, source: register, enrolment, vault, audit, access, phone },
    checkers: {
      registry: createRegistryEvidence(register),
      chip: createChipApplicationEvidence((now) => cscaCertificates(folder.dir, now)),
      phone,
      presence: createPresenceEvidence(presence),
      contact: parts.contactEvidence,
      guardian: parts.guardianEvidence,
    },
    signer,
    offers: createCredentialOffers({
      store: createOfferStore(database),
      vault,
      baseUrl,
      clock,
      assertWard,
      assertCitizen: parts.assertCitizen,
    }),
    undoEnrolment,
    baseUrl,
    clock,
  })
}

function phoneEvidence({ database, vault, clock }: IssuerGround): PhoneEvidence {
  const store = createLoginCodeStore(database)
  const key = vault.deriveKey('netcert/issuer/application-code/v1')
  return createPhoneEvidence((sender) => createLoginCodes({ store, sender, key, clock }))
}

async function cscaCertificates(dir: string, now: Date): Promise<readonly Uint8Array[]> {
  // Loaded where a chip is read: its libraries take as long to load as all the rest.
  const { readCscaFolder } = await import('../chip/csca-folder.js')
  return (await readCscaFolder(join(dir, 'csca'), now)).certificates
}
