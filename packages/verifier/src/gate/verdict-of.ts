import { resultOf } from '../result.js'
import { colourOf, type GateCode, gateSentence } from './gate-codes.js'
import type { EntryBy } from './gate-ledger.js'
import type { GateVerdict } from './gate-verdict.js'
import type { Judgement } from './visitor-judgement.js'

type Standing = Pick<GateVerdict, 'at' | 'lists'>

/** The verdict of a judgement, in words and colour. */
export function verdictOf(judgement: Judgement, standing: Standing): GateVerdict {
  if (judgement.outcome === 'refused') {
    const { code, detail, by, before } = judgement
    const told = before === null ? null : { at: before.at, gate: before.gate, lane: before.lane }
    return { ...bareVerdict(code, standing), detail, by, before: told }
  }
  const { verified, by, entry } = judgement
  const { facts, identity, assurance, freshness } = resultOf(verified)
  return {
    ...bareVerdict(acceptedCode(by, freshness.showStaff), standing),
    ...{ facts, assurance, freshness, entry, by },
    ...(identity === undefined ? {} : { identity }),
  }
}

/** A verdict that rests on a code alone. */
export function bareVerdict(code: GateCode, standing: Standing): GateVerdict {
  return {
    ...standing,
    ...{ colour: colourOf(code), code, sentence: gateSentence(code) },
    ...{ detail: null, facts: {}, assurance: null, freshness: null },
    ...{ entry: null, before: null, by: null, repeated: false },
  }
}

function acceptedCode(by: EntryBy, showStaff: boolean): GateCode {
  if (by === 'paper') return 'entered_paper'
  return showStaff ? 'entered_stale' : 'entered'
}
