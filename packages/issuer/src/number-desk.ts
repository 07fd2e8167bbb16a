import {
  createOfficer,
  type CreateOfficerOptions,
  listOfficers,
  type Officer,
  readOfficerKey,
  revokeOfficer,
} from './officers.js'
import {
  approveCase,
  type NumberCase,
  type Reidentified,
  reidentify,
  type ReidentificationParts,
  type ReidentifyOptions,
} from './reidentification.js'

/** Officers, and what two of them may find out together on a lawful order. */
export type NumberDesk = {
  /** @throws IssuerError see `createOfficer`. */
  createOfficer(options: CreateOfficerOptions): Promise<Officer>
  listOfficers(): Promise<readonly Officer[]>
  /** @throws IssuerError `officer_unknown`, `officer_revoked`. */
  revokeOfficer(nameCode: string): Promise<void>
  /** Signs a case with an officer's key file. @throws IssuerError `officer_key_malformed`, `case_malformed`. */
  approve(keyFile: string, asked: NumberCase): Promise<string>
  /** @throws IssuerError see `reidentify`. */
  reidentify(options: ReidentifyOptions): Promise<Reidentified>
}

/** What officers do together: register, approve and find whose a platform number is. */
export function createNumberDesk(parts: ReidentificationParts): NumberDesk {
  return {
    createOfficer: (options) => createOfficer(parts, options),
    listOfficers: () => listOfficers(parts),
    revokeOfficer: (nameCode) => revokeOfficer(parts, nameCode),
    approve: async (keyFile, asked) =>
      approveCase(await readOfficerKey(keyFile), asked, parts.clock()),
    reidentify: (options) => reidentify(parts, options),
  }
}
