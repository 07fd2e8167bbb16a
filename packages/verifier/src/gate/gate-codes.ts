import type { Language } from '../sentences.js'
import { gateRows } from './gate-sentences.js'

/** What the gate's screen shows, seen from five metres. */
export type GateColour = 'green' | 'amber' | 'red'

/** Every outcome of a code that is held before a gate. They do not change. */
export type GateCode =
  /** In. */
  | 'entered'
  /** In under the policy's grace; the word about revocation is old. */
  | 'entered_stale'
  /** In on a printed pass. */
  | 'entered_paper'
  /** No code of netcert at all. */
  | 'code_foreign'
  /** The challenge of a gate, not an answer to it. */
  | 'code_challenge'
  /** A netcert code that the scanner's keyboard settings damaged. */
  | 'code_damaged'
  | 'code_malformed'
  | 'code_too_long'
  /** Answers a challenge of this lane that is over. */
  | 'nonce_late'
  /** Answers no challenge of this lane that is known: another lane's, or a very old one. */
  | 'nonce_unknown'
  /** This gate asks for identity, and the answer is not encrypted. */
  | 'answer_not_encrypted'
  /** Encrypted for another gate, or for a challenge that is over. */
  | 'answer_unopened'
  | 'poster_not_here'
  /** A self-made challenge older than 60 seconds. */
  | 'poster_late'
  | 'paper_not_here'
  /** The very same code was accepted before. */
  | 'code_used'
  /** This pass has opened the event before. */
  | 'pass_used'
  /** This person is in already. */
  | 'person_entered'
  | 'pass_expired'
  | 'pass_revoked'
  | 'pass_suspended'
  /** What the gate knows is too old to say whether the pass holds. */
  | 'lists_too_old'
  /** The list that would say whether the pass holds is not in the pack. */
  | 'lists_missing'
  /** The policy takes passes with a status only. */
  | 'status_required'
  | 'issuer_unknown'
  /** Altered, or signed by somebody else than who it names. */
  | 'forged'
  | 'pass_unusable'
  /** Made for another venue. */
  | 'other_venue'
  /** A genuine pass that says no, for example: not old enough. */
  | 'condition_unmet'
  /** A genuine pass that does not show what this gate asks. */
  | 'demand_unmet'
  /** A genuine certificate of another kind than this gate takes. */
  | 'type_unmet'
  /** The list of tickets at this gate has none of this person. */
  | 'no_ticket'
  /** The platform number of a ticket is missing or not proven. */
  | 'ticket_unproven'
  /** The gate's clock was set back. */
  | 'clock_back'
  /** The gate's clock is behind the newest list. */
  | 'clock_behind'
  | 'event_over'
  /** A fault of this gate, for example a full disk; nobody was entered. */
  | 'gate_failed'

/** All codes, in the order of the table. */
export const gateCodes: readonly GateCode[] = Object.keys(gateRows) as GateCode[]

/** The colour of a code. */
export function colourOf(code: GateCode): GateColour {
  return gateRows[code][0]
}

/** What staff read, in both languages. */
export function gateSentence(code: GateCode): Readonly<Record<Language, string>> {
  const [, zh, en] = gateRows[code]
  return { 'zh-CN': zh, en }
}
