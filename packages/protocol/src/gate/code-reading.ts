import { encodeBase64Url } from '@netcert/credential'
import {
  type CodeKey,
  encodeBase64,
  KEY_OCTETS,
  type MemberOrder,
  membersOf,
  multibaseOf,
} from './code-keys.js'
import { codeLimits, decodeIndex, isMark, malformed, marks } from './code-marks.js'
import { OctetReader, OutputBudget } from './code-sections.js'

/** What a code says: plain text, the base64url of something, or a digest of what comes elsewhere. */
export type CodeNode =
  | string
  | { readonly kind: 'encoded'; readonly nodes: readonly CodeNode[] }
  | { readonly kind: 'digest'; readonly disclosure: number }
  | { readonly kind: 'sd_hash' }

/** What the reader has beside the text. */
export type CodeContext = {
  /** KEYS, RAWS and SIGS, one after the other. */
  readonly octets: Uint8Array
  /** Null: the code carries its own. */
  readonly audience: string | null
  readonly nonce: string | null
}

/**
 * Puts back what the marks of a text stand for; digests of what comes later stay open.
 *
 * @returns The parts between the tildes at the outermost level.
 * @throws ProtocolError `gate_code`
 */
export function readCodeText(text: string, context: CodeContext): readonly CodeNode[][] {
  return new CodeReading(text, context).parts()
}

type KeyForm = 'did' | MemberOrder

const KEYED: ReadonlyMap<string, readonly [curve: CodeKey['curve'], form: KeyForm]> = new Map([
  [marks.p256Members, ['P-256', 'ours']],
  [marks.p256NodeMembers, ['P-256', 'node']],
  [marks.ed25519Members, ['Ed25519', 'ours']],
  [marks.p256Did, ['P-256', 'did']],
  [marks.ed25519Did, ['Ed25519', 'did']],
])

const REPEATED: ReadonlyMap<string, KeyForm> = new Map([
  [marks.sameDid, 'did'],
  [marks.sameMembers, 'ours'],
  [marks.sameNodeMembers, 'node'],
])

class CodeReading {
  readonly #text: string
  readonly #context: CodeContext
  readonly #keys: OctetReader
  readonly #raws: OctetReader
  readonly #signatures: OctetReader
  readonly #budget = new OutputBudget()
  readonly #known: CodeKey[] = []
  readonly #digests = new Set<number>()
  readonly #used = new Set<string>()
  #named: CodeKey | null = null
  #lastTime = 0
  #at = 0

  constructor(text: string, context: CodeContext) {
    this.#text = text
    this.#context = context
    const { octets } = context
    const keys = octetsBehind(text, KEYED.keys(), (mark) => KEY_OCTETS[keyed(mark)[0]])
    const signatures = octetsBehind(text, [marks.signature], () => 64)
    if (keys + signatures > octets.length) throw malformed('it ends too early')
    this.#keys = new OctetReader(octets.subarray(0, keys))
    this.#raws = new OctetReader(octets.subarray(keys, octets.length - signatures))
    this.#signatures = new OctetReader(octets.subarray(octets.length - signatures))
  }

  parts(): CodeNode[][] {
    const parts = [this.#nodes(0)]
    while (this.#at < this.#text.length) {
      this.#at += 1
      parts.push(this.#nodes(0))
    }
    if (this.#raws.left > 0) throw malformed('octets are left over')
    const { audience, nonce } = this.#context
    const leftOut = [audience, nonce].filter((told) => told !== null)
    if (this.#used.size !== leftOut.length) throw malformed('what was left out has no place')
    return parts
  }

  /** Up to the end of a level: a tilde or the end outside, a closing mark inside. */
  #nodes(depth: number): CodeNode[] {
    if (depth > codeLimits.maxDepth) throw malformed('it nests too deep')
    const nodes: CodeNode[] = []
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text.charAt(this.#at)
      if (depth === 0 && character === '~') return nodes
      if (depth > 0 && character === marks.close) return nodes
      const node = isMark(character) ? this.#marked(character, depth) : this.#plain()
      nodes.push(typeof node === 'string' ? this.#budget.spend(node) : node)
    }
    if (depth > 0) throw malformed('a part is not closed')
    return nodes
  }

  /** As many characters that stand for themselves as there are. */
  #plain(): string {
    const start = this.#at
    while (this.#at + 1 < this.#text.length && !isSpecial(this.#text.charAt(this.#at + 1))) {
      this.#at += 1
    }
    return this.#text.slice(start, this.#at + 1)
  }

  #marked(mark: string, depth: number): CodeNode {
    if (mark === marks.open) {
      this.#at += 1
      return { kind: 'encoded', nodes: this.#nodes(depth + 1) }
    }
    if (KEYED.has(mark)) return this.#key(mark)
    if (mark === marks.sdHash) return { kind: 'sd_hash' }
    if (mark === marks.nextDigest || mark === marks.digestOf) return this.#digest(mark)
    return this.#repeated(mark) ?? this.#raw(mark) ?? this.#told(mark)
  }

  #key(mark: string): string {
    const [curve, form] = keyed(mark)
    if (this.#known.length === codeLimits.maxKeys) throw malformed('it holds too many keys')
    const key = { curve, octets: this.#keys.take(KEY_OCTETS[curve]) }
    this.#known.push(key)
    return this.#written(key, form)
  }

  #repeated(mark: string): string | undefined {
    const form = REPEATED.get(mark)
    if (form !== undefined) return this.#written(this.#keyAt(), form)
    if (mark !== marks.keyFragment) return undefined
    if (this.#named === null) throw malformed('a key is named before there is one')
    return `#${multibaseOf(this.#named)}`
  }

  #written(key: CodeKey, form: KeyForm): string {
    if (form !== 'did') return membersOf(key, form)
    this.#named = key
    return `did:key:${multibaseOf(key)}`
  }

  #keyAt(): CodeKey {
    const key = this.#known[this.#index()]
    if (key === undefined) throw malformed('a key is named that did not come')
    return key
  }

  #index(): number {
    this.#at += 1
    return decodeIndex(this.#text, this.#at)
  }

  #digest(mark: string): CodeNode {
    const disclosure = mark === marks.digestOf ? this.#index() : this.#nextDigest()
    this.#digests.add(disclosure)
    this.#budget.spend('x'.repeat(43))
    return { kind: 'digest', disclosure }
  }

  #nextDigest(): number {
    let next = 0
    while (this.#digests.has(next)) next += 1
    return next
  }

  #raw(mark: string): string | undefined {
    const raws = this.#raws
    switch (mark) {
      case marks.signature:
        return encodeBase64Url(this.#signatures.take(64))
      case marks.raw32:
        return encodeBase64Url(raws.take(32))
      case marks.raw33:
        return encodeBase64Url(raws.take(33))
      case marks.raw16:
        return encodeBase64Url(raws.take(16))
      case marks.base64Of32:
        return encodeBase64(raws.take(32))
      case marks.rawOfLength:
        return encodeBase64Url(raws.take(raws.takeNumber()))
      case marks.base64OfLength:
        return encodeBase64(raws.take(raws.takeNumber()))
      default:
        return this.#time(mark)
    }
  }

  #time(mark: string): string | undefined {
    const raws = this.#raws
    if (mark === marks.hours) this.#lastTime = raws.takeFixed(3) * 3600
    else if (mark === marks.seconds) this.#lastTime = raws.takeFixed(4)
    else if (mark === marks.hoursLater) this.#lastTime += raws.takeNumber() * 3600
    else return undefined
    const digits = String(this.#lastTime)
    // With fewer or more it is no time that a writer puts a mark for.
    if (digits.length !== 10) throw malformed('a time is out of its range')
    return digits
  }

  /** What was left out stands where it was, once. */
  #told(mark: string): string {
    const { audience, nonce } = this.#context
    const told = mark === marks.audience ? audience : mark === marks.nonce ? nonce : null
    if (told === null || this.#used.has(mark)) {
      throw malformed('a mark stands where it means nothing')
    }
    this.#used.add(mark)
    return told
  }
}

function isSpecial(character: string): boolean {
  return character === '~' || isMark(character)
}

function keyed(mark: string) {
  const row = KEYED.get(mark)
  if (row === undefined) throw new TypeError('not a mark of a key')
  return row
}

function octetsBehind(
  text: string,
  of: Iterable<string>,
  octets: (mark: string) => number,
): number {
  let sum = 0
  for (const mark of of) sum += (text.split(mark).length - 1) * octets(mark)
  return sum
}
