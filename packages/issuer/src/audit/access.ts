import type { Signer } from '@netcert/credential'
import { IssuerError } from '../issuer-error.js'

/** What an operator may do. */
export const OPERATOR_ROLES = ['enrol', 'revoke', 'audit', 'keys'] as const
export type OperatorRole = (typeof OPERATOR_ROLES)[number]

/** An operator's key, and the thumbprint it is registered by. */
export type OperatorKey = { readonly id: string; readonly signer: Signer }

/** Who is at work, as the audit log names them. */
export type Actor =
  /** A registered operator, by their key; with `second`, another one who signs all of it too. */
  | ({ readonly kind: 'operator'; readonly second?: OperatorKey } & OperatorKey)
  /** Whoever may read the data folder, at an issuer where no operator is registered. */
  | { readonly kind: 'local' }
  /** A job or a request on the wire, without an operator. */
  | { readonly kind: 'server' }
  /** A guardian who acts for a ward, by their `p_…` where they are enrolled. */
  | { readonly kind: 'guardian'; readonly id: string | null }
  /** A citizen, by a proof of their own. */
  | { readonly kind: 'citizen' }

/** Who is at work, and whether they may. */
export type Access = {
  readonly actor: Actor
  /** @throws IssuerError `operator_needed`, `operator_role_missing`. */
  require(role: OperatorRole): void
  /**
   * `require` for what one person must not do alone. Where two operators with the role are
   * registered, two have to be there, and both sign.
   *
   * @throws IssuerError as `require`, and `second_operator_needed`.
   */
  requireTwo(role: OperatorRole): void
}

/** An operator who is registered and not revoked. */
export type ActiveOperator = { readonly id: string; readonly roles: readonly OperatorRole[] }

/**
 * Access of whoever is at work at an issuer with these operators. A server acts for citizens and on
 * the clock: what asks for a role is not reached through it, and is not refused to its jobs.
 */
export function openAccess(actor: Actor, operators: readonly ActiveOperator[] = []): Access {
  const has = (id: string, role: OperatorRole): boolean =>
    operators.some((operator) => operator.id === id && operator.roles.includes(role))
  const require = (role: OperatorRole): void => {
    if (operators.length === 0 || actor.kind === 'server') return
    if (actor.kind !== 'operator') throw operatorNeeded(role)
    if (!has(actor.id, role)) throw roleMissing(role)
  }
  return {
    actor,
    require,
    requireTwo(role) {
      require(role)
      const able = operators.filter(({ roles }) => roles.includes(role))
      if (able.length < 2 || actor.kind !== 'operator') return
      if (actor.second === undefined) throw secondNeeded(role)
      if (!has(actor.second.id, role)) throw roleMissing(role)
    },
  }
}

function operatorNeeded(role: OperatorRole): IssuerError {
  const text = `Operators are registered here, and this needs one with the role ${role}; give their key file with --as.`
  return new IssuerError('operator_needed', text)
}

function roleMissing(role: OperatorRole): IssuerError {
  const text = `This needs an operator with the role ${role}; netcert operator list shows who has it.`
  return new IssuerError('operator_role_missing', text)
}

function secondNeeded(role: OperatorRole): IssuerError {
  const text = `This needs two operators with the role ${role}; give the other one's key file with --second.`
  return new IssuerError('second_operator_needed', text)
}
