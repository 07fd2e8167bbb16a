import type { HashAlgorithm } from './algorithms.js'
import {
  type Disclosure,
  digestDisclosure,
  isReservedClaimName,
  parseDisclosure,
} from './disclosure.js'
import { CredentialError } from './errors.js'
import { isJsonArray, type JsonObject, type JsonValue } from './json.js'
import type { TokenLimits } from './limits.js'

/** One element of an array as the issuer made it. */
export type IssuedElement = {
  /** `plain`: always visible; `disclosed`: came by a Disclosure; `hidden`: a digest or a decoy. */
  readonly state: 'plain' | 'disclosed' | 'hidden'
  /** Null for a hidden element. */
  readonly value: JsonValue
  /** Position of the Disclosure among those sent, or -1. */
  readonly disclosure: number
}

/** How a payload came together, for rules about what an issuer made disclosable, not about values. */
export type SelectiveStructure = {
  /** Names that came by Disclosure, with the Disclosure's position, by the object they are in. */
  readonly disclosedNames: ReadonlyMap<JsonObject, ReadonlyMap<string, number>>
  /** Objects that hold at least one digest in `_sd`, matched or not, decoys included. */
  readonly concealing: ReadonlySet<JsonObject>
  /** Arrays that hold digests, as issued, by the processed array. */
  readonly issuedArrays: ReadonlyMap<readonly JsonValue[], readonly IssuedElement[]>
  /** For each Disclosure the position of the one whose value holds its digest, or -1. */
  readonly parents: readonly number[]
  /** True when an `_sd` without a digest was met: fine in RFC 9901, forbidden in SD-JWT VC. */
  readonly emptyDigestArray: boolean
}

export type ProcessedSdJwt = {
  readonly payload: JsonObject
  readonly structure: SelectiveStructure
}

export type ProcessSdJwtOptions = {
  /** A fresh parse of the issuer-signed payload: it is unpacked in place. */
  readonly payload: JsonObject
  readonly disclosures: readonly string[]
  readonly hashAlgorithm: HashAlgorithm
  readonly limits: TokenLimits
}

/**
 * Puts the Disclosures where their digests are and removes every trace of the rest.
 *
 * @throws CredentialError `disclosure_duplicate`, `digest_duplicate`, `reserved_name_misuse`,
 * `disclosure_wrong_arity`, `disclosure_reserved_name`, `claim_name_collision`,
 * `disclosure_unreferenced`, `too_deep`, and as `parseDisclosure`
 * @see RFC 9901 §7.1 steps 3 to 5
 */
export function processSdJwt(options: ProcessSdJwtOptions): ProcessedSdJwt {
  const unpacking = new Unpacking(options)
  unpacking.run(options.payload as Container)
  return { payload: options.payload, structure: unpacking }
}

type Members = { [name: string]: JsonValue }
type Container = Members | JsonValue[]
/** A container still to be looked at; `owner` is the Disclosure it came in, or -1. */
type Task = { readonly node: Container; readonly depth: number; readonly owner: number }

class Unpacking implements SelectiveStructure {
  readonly disclosedNames = new Map<JsonObject, Map<string, number>>()
  readonly concealing = new Set<JsonObject>()
  readonly issuedArrays = new Map<readonly JsonValue[], readonly IssuedElement[]>()
  readonly parents: number[] = []
  emptyDigestArray = false

  readonly #sent = new Map<string, number>()
  readonly #met = new Set<string>()
  readonly #options: ProcessSdJwtOptions
  // An explicit stack: how deep a token nests must not decide how deep we call.
  readonly #open: Task[] = []
  #placed = 0

  constructor(options: ProcessSdJwtOptions) {
    this.#options = options
    // Step 3.1: over the text as sent
    for (const encoded of options.disclosures) {
      const digest = digestDisclosure(options.hashAlgorithm, encoded)
      if (this.#sent.has(digest)) {
        throw new CredentialError('disclosure_duplicate', 'A disclosure was sent twice.')
      }
      this.#sent.set(digest, this.parents.push(-1) - 1)
    }
  }

  run(payload: Container): void {
    this.#open.push({ node: payload, depth: 1, owner: -1 })
    for (let task = this.#open.pop(); task !== undefined; task = this.#open.pop()) {
      if (Array.isArray(task.node)) this.#unpackArray(task.node, task)
      else this.#unpackObject(task.node, task)
    }
    // Step 5
    if (this.#placed !== this.#options.disclosures.length) {
      throw new CredentialError(
        'disclosure_unreferenced',
        'A disclosure belongs to no digest of this certificate.',
      )
    }
  }

  #unpackObject(node: Members, task: Task): void {
    for (const name in node) {
      // `_sd_alg` stands at the top and nowhere else.
      if (name === '...' || (name === '_sd_alg' && task.depth > 1)) throw misuse(name)
      const value = node[name]
      if (name !== '_sd' && typeof value === 'object' && value !== null) this.#push(value, task)
    }
    const digests = node['_sd']
    if (digests !== undefined) delete node['_sd'] // Step 3.5
    if (task.depth === 1) delete node['_sd_alg'] // Step 3.6
    if (digests === undefined) return
    if (!isJsonArray(digests)) throw misuse('_sd')
    if (digests.length === 0) this.emptyDigestArray = true
    else this.concealing.add(node)
    for (const digest of digests) this.#placeMember(node, digest, task)
  }

  /** Step 3.3.2. */
  #placeMember(node: Members, digest: JsonValue, task: Task): void {
    if (typeof digest !== 'string') throw misuse('_sd')
    const position = this.#find(digest, task)
    if (position === undefined) return
    const { name, value } = this.#read(position)
    if (name === null) throw wrongArity(3) // Step 3.3.2.1
    if (isReservedClaimName(name)) {
      throw new CredentialError('disclosure_reserved_name', 'A disclosure uses a reserved name.')
    }
    if (Object.hasOwn(node, name)) {
      throw new CredentialError('claim_name_collision', 'A disclosure repeats a claim name.')
    }
    node[name] = value
    const names = this.disclosedNames.get(node)
    if (names === undefined) this.disclosedNames.set(node, new Map([[name, position]]))
    else names.set(name, position)
    this.#pushDisclosed(value, task, position)
  }

  #unpackArray(node: JsonValue[], task: Task): void {
    let issued: IssuedElement[] | undefined
    for (const [at, element] of node.entries()) {
      const digest = digestOfElement(element)
      if (digest === undefined) {
        if (typeof element === 'object' && element !== null) this.#push(element, task)
        issued?.push({ state: 'plain', value: element, disclosure: -1 })
        continue
      }
      issued ??= node.slice(0, at).map((value) => ({ state: 'plain', value, disclosure: -1 }))
      issued.push(this.#placeElement(digest, task))
    }
    if (issued === undefined) return
    // Step 3.4: what stays hidden leaves no trace.
    let length = 0
    for (const element of issued) {
      if (element.state === 'hidden') continue
      node[length] = element.value
      length += 1
    }
    node.length = length
    this.issuedArrays.set(node, issued)
  }

  /** Step 3.3.3. */
  #placeElement(digest: string, task: Task): IssuedElement {
    const position = this.#find(digest, task)
    if (position === undefined) return { state: 'hidden', value: null, disclosure: -1 }
    const { name, value } = this.#read(position)
    if (name !== null) throw wrongArity(2)
    this.#pushDisclosed(value, task, position)
    return { state: 'disclosed', value, disclosure: position }
  }

  /** The position of the Disclosure with this digest; step 4 on the way. */
  #find(digest: string, task: Task): number | undefined {
    if (this.#met.has(digest)) {
      throw new CredentialError('digest_duplicate', 'A digest occurs twice.')
    }
    this.#met.add(digest)
    const position = this.#sent.get(digest)
    if (position === undefined) return undefined
    this.#placed += 1
    this.parents[position] = task.owner
    return position
  }

  #read(position: number): Disclosure {
    const encoded = this.#options.disclosures[position]
    if (encoded === undefined) throw new TypeError('no such disclosure')
    return parseDisclosure(encoded, this.#options.limits)
  }

  #push(value: JsonObject | readonly JsonValue[], task: Task): void {
    this.#open.push({ node: value as Container, depth: this.#deeper(task), owner: task.owner })
  }

  #pushDisclosed(value: JsonValue, task: Task, owner: number): void {
    if (typeof value !== 'object' || value === null) return
    this.#open.push({ node: value as Container, depth: this.#deeper(task), owner })
  }

  /** Disclosures within Disclosures could nest far deeper than any one JSON text. */
  #deeper(task: Task): number {
    const depth = task.depth + 1
    const { maxDepth } = this.#options.limits
    if (depth <= maxDepth) return depth
    throw new CredentialError('too_deep', `The claims nest deeper than ${maxDepth}.`)
  }
}

/** The digest in an array element `{"...": digest}`, which must have no other member (§4.2.4.2). */
function digestOfElement(element: JsonValue): string | undefined {
  if (typeof element !== 'object' || element === null || isJsonArray(element)) return undefined
  const digest = element['...']
  if (digest === undefined) return undefined
  if (typeof digest !== 'string' || Object.keys(element).length !== 1) throw misuse('...')
  return digest
}

function misuse(name: string): CredentialError {
  return new CredentialError('reserved_name_misuse', `The name ${name} is reserved for digests.`)
}

function wrongArity(length: 2 | 3): CredentialError {
  return new CredentialError(
    'disclosure_wrong_arity',
    `A disclosure at this place has exactly ${length} elements.`,
  )
}
