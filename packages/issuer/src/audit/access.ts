import type { Signer } from '@netcert/credential'

/** What an operator may do. */
export const OPERATOR_ROLES = ['enrol', 'revoke', 'audit', 'keys'] as const
export type OperatorRole = (typeof OPERATOR_ROLES)[number]

/** Who is at work, as the audit log names them. */
export type Actor =
  /** A registered operator, by their key. */
  | { readonly kind: 'operator'; readonly id: string; readonly signer: Signer }
  /** Whoever may read the data folder, at an issuer where no operator is registered. */
  | { readonly kind: 'local' }
  /** A job or a request on the wire, without an operator. */
  | { readonly kind: 'server' }
  /** A citizen, by a proof of their own. */
  | { readonly kind: 'citizen' }

/** Who is at work, and whether they may. */
export type Access = {
  readonly actor: Actor
  /** @throws IssuerError `operator_needed`, `operator_role_missing`. */
  require(role: OperatorRole): void
}

/** Access of whoever may read the data folder. */
export function openAccess(actor: Actor): Access {
  return { actor, require: () => {} }
}
