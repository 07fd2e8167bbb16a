// @ts-nocheck A plain script, run by Node as it stands.
/**
 * The text of an NC1 code with its marks, and what it stands for: half of the second implementation
 * in nc1.js, written from docs/formats/nc1.md alone.
 */
import { createHash, ECDH } from 'node:crypto'

export class Refusal extends Error {
  constructor(code) {
    super(code)
    this.code = code
  }
}
export const demand = (holds, code = 'gate_code') => {
  if (!holds) throw new Refusal(code)
}
export const sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
export const base64url = (octets) => Buffer.from(octets).toString('base64url')

/** Octets from the front; `number` has seven bits an octet, the least first, three octets at most. */
export function section(octets) {
  let at = 0
  const take = (length) => {
    demand(at + length <= octets.length)
    at += length
    return octets.subarray(at - length, at)
  }
  const number = () => {
    let value = 0
    for (let place = 0; place < 3; place += 1) {
      const [octet] = take(1)
      value += (octet % 128) * 128 ** place
      if (octet < 128) return value
    }
    throw new Refusal('gate_code')
  }
  return { take, number, rest: () => octets.subarray(at), left: () => octets.length - at }
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Neither multicodec begins with a zero, so no digit is lost. */
function base58(octets) {
  let text = ''
  let value = BigInt(`0x${octets.toString('hex')}`)
  for (; value > 0n; value /= 58n) text = BASE58[Number(value % 58n)] + text
  return text
}

const multibase = ({ curve, octets }) =>
  `z${base58(Buffer.from([...(curve === 'P-256' ? [0x80, 0x24] : [0xed, 0x01]), ...octets]))}`

/** SEC 1 §2.3.4: only compressed points. */
export function coordinates(octets) {
  demand(octets[0] === 2 || octets[0] === 3)
  try {
    const point = ECDH.convertKey(octets, 'prime256v1', undefined, undefined, 'uncompressed')
    return { x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)) }
  } catch {
    throw new Refusal('gate_code')
  }
}

function members({ curve, octets }, form) {
  if (curve === 'Ed25519') return `"kty":"OKP","crv":"Ed25519","x":"${base64url(octets)}"`
  const { x, y } = coordinates(octets)
  return form === 'node'
    ? `"kty":"EC","x":"${x}","y":"${y}","crv":"P-256"`
    : `"kty":"EC","crv":"P-256","x":"${x}","y":"${y}"`
}

const keyMarks = {
  '\x01': ['ours', 'P-256'],
  '\x02': ['ours', 'Ed25519'],
  '\x03': ['did', 'P-256'],
  '\x04': ['did', 'Ed25519'],
  '\x1a': ['node', 'P-256'],
}
const sameKeyMarks = { '\x05': 'did', '\x06': 'ours', '\x1b': 'node' }
const keyOctets = { 'P-256': 33, Ed25519: 32 }

/** Every other mark, and what it stands for. */
const otherMarks = {
  '\x07': (it) => `#${multibase(it.namedKey())}`,
  '\x08': (it) => base64url(it.RAWS.take(32)),
  '\x0b': (it) => base64url(it.RAWS.take(16)),
  '\x0c': (it) => base64url(it.SIGS.take(64)),
  '\x0e': (it, depth) => {
    it.at += 1
    return { encoded: it.level(depth + 1) }
  },
  '\x10': (it) => it.digest(it.nextDigest()),
  '\x11': (it) => it.digest(it.index()),
  '\x12': () => ({ sdHash: true }),
  '\x13': (it) => it.told('audience'),
  '\x14': (it) => it.told('nonce'),
  '\x15': (it) => it.RAWS.take(32).toString('base64'),
  '\x16': (it) => base64url(it.RAWS.take(it.RAWS.number())),
  '\x17': (it) => it.RAWS.take(it.RAWS.number()).toString('base64'),
  '\x18': (it) => it.time(it.RAWS.take(3).readUIntBE(0, 3) * 3600),
  '\x19': (it) => it.time(it.RAWS.take(4).readUInt32BE(0)),
  '\x1c': (it) => base64url(it.RAWS.take(33)),
  '\x1d': (it) => it.time(it.lastTime + it.RAWS.number() * 3600),
}

class Reading {
  keys = []
  digests = new Set()
  used = new Set()
  lastKey = null
  lastTime = 0
  at = 0

  constructor(text, octets, known) {
    this.text = text
    this.known = known
    const count = (mark) => text.split(mark).length - 1
    const keys = Object.entries(keyMarks)
    const end = keys.reduce((sum, [mark, [, curve]]) => sum + count(mark) * keyOctets[curve], 0)
    const start = octets.length - 64 * count('\x0c')
    demand(end <= start)
    this.KEYS = section(octets.subarray(0, end))
    this.RAWS = section(octets.subarray(end, start))
    this.SIGS = section(octets.subarray(start))
  }

  parts() {
    const parts = [this.level(0)]
    while (this.at < this.text.length) {
      this.at += 1
      parts.push(this.level(0))
    }
    demand(this.RAWS.left() === 0)
    for (const name of ['audience', 'nonce']) {
      demand(this.used.has(name) === (this.known[name] !== null))
    }
    return parts
  }

  level(depth) {
    demand(depth <= 4)
    const nodes = []
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at]
      if (character === (depth === 0 ? '~' : '\x0f')) return nodes
      const plain = character >= ' ' || '\t\n\r'.includes(character)
      nodes.push(plain ? character : this.marked(character, depth))
    }
    demand(depth === 0)
    return nodes
  }

  marked(mark, depth) {
    if (mark in sameKeyMarks) return this.written(this.keys[this.index()], sameKeyMarks[mark])
    if (!(mark in keyMarks)) {
      demand(mark in otherMarks)
      return otherMarks[mark](this, depth)
    }
    const [form, curve] = keyMarks[mark]
    demand(this.keys.length < 16)
    this.keys.push({ curve, octets: this.KEYS.take(keyOctets[curve]) })
    return this.written(this.keys.at(-1), form)
  }

  index() {
    this.at += 1
    const value = this.text.charCodeAt(this.at) - 0x30
    demand(value >= 0 && value <= 63)
    return value
  }

  written(key, form) {
    demand(key !== undefined)
    if (form !== 'did') return members(key, form)
    this.lastKey = key
    return `did:key:${multibase(key)}`
  }

  namedKey() {
    demand(this.lastKey !== null)
    return this.lastKey
  }

  nextDigest() {
    let lowest = 0
    while (this.digests.has(lowest)) lowest += 1
    return lowest
  }

  digest(disclosure) {
    this.digests.add(disclosure)
    return { disclosure }
  }

  told(name) {
    demand(this.known[name] !== null && !this.used.has(name))
    this.used.add(name)
    return this.known[name]
  }

  time(seconds) {
    this.lastTime = seconds
    demand(String(seconds).length === 10)
    return String(seconds)
  }
}

/** Digests are worked out once everything else is there. */
function render(parts) {
  const done = new Map()
  const open = new Set()
  const part = (which) => {
    if (!done.has(which)) {
      demand(!open.has(which) && open.size <= 16)
      open.add(which)
      done.set(which, join(parts[which]))
      open.delete(which)
    }
    return done.get(which)
  }
  const textOf = (node) => {
    if (typeof node === 'string') return node
    if (node.encoded) return base64url(Buffer.from(join(node.encoded), 'utf8'))
    const bound = parts.slice(0, -1)
    if (node.sdHash) return base64url(sha256(bound.map((_, which) => `${part(which)}~`).join('')))
    demand(node.disclosure + 1 < bound.length)
    return base64url(sha256(part(node.disclosure + 1)))
  }
  const join = (nodes) => nodes.map(textOf).join('')
  return parts.map((_, which) => part(which))
}

/** The parts between the tildes of a text whose marks are put in. */
export function expand(text, octets, known) {
  return render(new Reading(text, octets, known).parts())
}
