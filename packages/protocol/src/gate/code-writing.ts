import { CredentialError, decodeTextBase64Url } from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { type CodeKey, compressedPoint, keyOfMultibase } from './code-keys.js'
import { octetsOfBase64, octetsOfText } from './code-keys.js'
import { DICTIONARY } from './code-dictionary.js'
import { codeLimits, encodeIndex, isMark, MAX_INDEX, marks } from './code-marks.js'
import { encodeNumber, MAX_NUMBER, octetsOf, type Sections } from './code-sections.js'

/** What is left out because the reader knows it; null stays in. */
export type LeftOut = { readonly audience: string | null; readonly nonce: string | null }

export type WrittenCode = Sections & { readonly text: string; readonly disclosures: number }

/**
 * Puts marks for everything in a text that does not compress or can be worked out. Whatever cannot
 * be rebuilt from JSON stays the text it is, octet for octet.
 *
 * @param text - An SD-JWT+KB, or one compact JWS.
 */
export function writeCodeText(text: string, leftOut: LeftOut): WrittenCode {
  const parts = text.split('~')
  const writing = new CodeWriting(parts, leftOut)
  const last = parts.length - 1
  const written = parts.map((part, at) => writing.write(part, 0, at === last))
  const { keys, raws, signatures } = writing
  return {
    text: written.join('~'),
    disclosures: Math.max(0, parts.length - 2),
    keys,
    raws,
    signatures,
  }
}

const P256 = '"kty":"EC","crv":"P-256","x":"(?<x>[\\w-]{43})","y":"(?<y>[\\w-]{43})"'
const NODE_P256 = '"kty":"EC","x":"(?<nodeX>[\\w-]{43})","y":"(?<nodeY>[\\w-]{43})","crv":"P-256"'
const ED25519 = '"kty":"OKP","crv":"Ed25519","x":"(?<ed>[\\w-]{43})"'
const DID =
  '(?<did>did:key:(?<multibase>z[1-9A-HJ-NP-Za-km-z]{40,64}))(?<fragment>#\\k<multibase>)?'
const BASE64 = '(?<=[",])(?<base64>[A-Za-z0-9+/]{40,}={0,2})(?=")'
const INTEGRITY = 'sha256-(?<integrity>[A-Za-z0-9+/]{43}=)'
/** From so many characters on something may be octets: ten digits, 16 octets and more. */
const RUN = '(?<run>[\\w-]{10,})'

type Found = Readonly<Record<string, string | undefined>>

class CodeWriting implements Sections {
  readonly keys: Uint8Array[] = []
  readonly raws: Uint8Array[] = []
  readonly signatures: Uint8Array[] = []
  readonly #known: string[] = []
  #lastTime = 0
  readonly #disclosures = new Map<string, number>()
  readonly #digests = new Set<number>()
  readonly #leftOutMarks = new Set<string>()
  readonly #leftOut: LeftOut
  readonly #sdHash: string | null

  constructor(parts: readonly string[], leftOut: LeftOut) {
    this.#leftOut = leftOut
    const digests = parts.slice(1, -1).map((part) => hashBase64Url('sha-256', part))
    for (const [at, digest] of digests.entries()) this.#disclosures.set(digest, at)
    const bound = `${parts.slice(0, -1).join('~')}~`
    this.#sdHash = parts.length > 1 ? hashBase64Url('sha-256', bound) : null
  }

  write(text: string, depth: number, isLast: boolean): string {
    const told = isLast && depth === 1 ? toldPieces(this.#leftOut) : []
    const pieces = [...told, P256, NODE_P256, ED25519, DID, INTEGRITY, BASE64, RUN]
    return text.replace(new RegExp(pieces.join('|'), 'g'), (...match: readonly unknown[]) => {
      const found = match.at(-1) as Found
      const [whole] = match as readonly [string]
      return this.#piece(whole, found, { depth, isLast })
    })
  }

  #piece(whole: string, found: Found, place: Place): string {
    const { aud, nonce, x, y, nodeX, nodeY, ed, did, integrity, base64, run } = found
    if (aud !== undefined) return this.#told(marks.audience, whole)
    if (nonce !== undefined) return this.#told(marks.nonce, whole)
    if (x !== undefined) return this.#point(x, y, memberMarks) ?? whole
    if (nodeX !== undefined) return this.#point(nodeX, nodeY, nodeMemberMarks) ?? whole
    if (ed !== undefined) return this.#edwards(ed) ?? whole
    if (did !== undefined) return this.#did(found) ?? whole
    if (integrity !== undefined) return this.#integrity(whole, integrity)
    if (base64 !== undefined) return this.#run(base64, place) ?? this.#base64(base64)
    return this.#run(run ?? '', place) ?? whole
  }

  /** Once: what stands there twice is carried the second time. */
  #told(mark: string, whole: string): string {
    if (this.#leftOutMarks.has(mark)) return whole
    this.#leftOutMarks.add(mark)
    return mark
  }

  #did({ multibase = '', fragment }: Found): string | undefined {
    const key = keyOfMultibase(multibase)
    const mark = key && this.#key(key, didMarks)
    if (mark === undefined) return undefined
    return fragment === undefined ? mark : mark + marks.keyFragment
  }

  #point(x: string, y = '', form: KeyMarks): string | undefined {
    const point = compressedPoint(x, y)
    return point && this.#key({ curve: 'P-256', octets: point }, form)
  }

  #edwards(x: string): string | undefined {
    const octets = octetsOfText(x)
    return octets && this.#key({ curve: 'Ed25519', octets }, memberMarks)
  }

  /** The mark of a key; one that came before is named by where it stands among all. */
  #key({ curve, octets }: CodeKey, form: KeyMarks): string | undefined {
    const name = `${curve} ${octets.join(' ')}`
    const before = this.#known.indexOf(name)
    if (before >= 0) return form.same + encodeIndex(before)
    if (this.#known.length === codeLimits.maxKeys) return undefined
    this.#known.push(name)
    this.keys.push(octets)
    return form[curve]
  }

  /** The digests of the type metadata of today stand in the dictionary. */
  #integrity(whole: string, digest: string): string {
    return DICTIONARY.includes(whole) ? whole : `sha256-${this.#base64(digest)}`
  }

  #base64(text: string): string {
    const found = octetsOfBase64(text)
    if (found === undefined) return text
    if (found.length === 32) return this.#raw(marks.base64Of32, found)
    return this.#long(marks.base64OfLength, found) ?? text
  }

  /** A run of base64url characters: a digest, JSON, octets, or only a word. */
  #run(run: string, place: Place): string | undefined {
    if (/^[1-9]\d{9}$/.test(run)) return this.#time(Number(run))
    const disclosure = this.#disclosures.get(run)
    if (disclosure !== undefined && disclosure <= MAX_INDEX) return this.#digest(disclosure)
    if (place.isLast && run === this.#sdHash) return marks.sdHash
    return this.#json(run, place) ?? this.#octets(run)
  }

  #digest(disclosure: number): string {
    let next = 0
    while (this.#digests.has(next)) next += 1
    this.#digests.add(disclosure)
    return disclosure === next ? marks.nextDigest : marks.digestOf + encodeIndex(disclosure)
  }

  /** JSON keeps every character, so it comes back as it was. */
  #json(run: string, { depth, isLast }: Place): string | undefined {
    if (depth === codeLimits.maxDepth) return undefined
    const text = textOf(run)
    // A byte order mark and line ends in a JWT are characters like others; marks are not.
    if (text === undefined || !/^[[{]/.test(text) || Array.from(text).some(isMark)) return undefined
    return marks.open + this.write(text, depth + 1, isLast) + marks.close
  }

  #octets(run: string): string | undefined {
    const found = octetsOfText(run)
    if (found === undefined) return undefined
    switch (found.length) {
      case 64:
        this.signatures.push(found)
        return marks.signature
      case 32:
        return this.#raw(marks.raw32, found)
      case 33:
        return this.#raw(marks.raw33, found)
      case 16:
        return this.#raw(marks.raw16, found)
      default:
        return run.length < SHORTEST_LONG ? undefined : this.#long(marks.rawOfLength, found)
    }
  }

  /** Most times of a certificate are whole hours, or whole hours from one another. */
  #time(seconds: number): string | undefined {
    const later = (seconds - this.#lastTime) / 3600
    const isFirst = this.#lastTime === 0
    if (seconds >= 2 ** 32) return undefined
    this.#lastTime = seconds
    if (!isFirst && Number.isInteger(later) && later >= 0 && later < 2 ** 14) {
      return this.#raw(marks.hoursLater, encodeNumber(later))
    }
    return seconds % 3600 === 0
      ? this.#raw(marks.hours, octetsOf(seconds / 3600, 3))
      : this.#raw(marks.seconds, octetsOf(seconds, 4))
  }

  #long(mark: string, octets: Uint8Array): string | undefined {
    if (octets.length > MAX_NUMBER) return undefined
    this.raws.push(encodeNumber(octets.length))
    return this.#raw(mark, octets)
  }

  #raw(mark: string, octets: Uint8Array): string {
    this.raws.push(octets)
    return mark
  }
}

/** Where a piece of text stands. */
type Place = { readonly depth: number; readonly isLast: boolean }
type KeyMarks = Readonly<Record<CodeKey['curve'] | 'same', string>>

const didMarks: KeyMarks = {
  'P-256': marks.p256Did,
  Ed25519: marks.ed25519Did,
  same: marks.sameDid,
}
const memberMarks: KeyMarks = {
  'P-256': marks.p256Members,
  Ed25519: marks.ed25519Members,
  same: marks.sameMembers,
}
const nodeMemberMarks: KeyMarks = {
  'P-256': marks.p256NodeMembers,
  Ed25519: marks.ed25519Members,
  same: marks.sameNodeMembers,
}

/** Shorter words than this of one alphabet are about in JSON. */
const SHORTEST_LONG = 44

/** What the reader knows, where a KB-JWT has it. */
function toldPieces({ audience, nonce }: LeftOut): string[] {
  const piece = (name: string, value: string | null) =>
    value === null ? [] : [`(?<="${name}":")(?<${name}>${escaped(value)})(?=")`]
  return [...piece('aud', audience), ...piece('nonce', nonce)]
}

function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function textOf(run: string): string | undefined {
  try {
    return decodeTextBase64Url(run)
  } catch (error) {
    if (error instanceof CredentialError) return undefined
    throw error
  }
}
