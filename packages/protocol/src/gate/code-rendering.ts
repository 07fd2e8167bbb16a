import { encodeTextBase64Url } from '@netcert/credential'
import { hashBase64Url } from '@netcert/credential/crypto'
import { codeLimits, malformed } from './code-marks.js'
import type { CodeNode } from './code-reading.js'

/**
 * The text of a code, with every digest worked out: part 0, the disclosures, and what follows the
 * last tilde.
 *
 * @throws ProtocolError `gate_code` for digests that need one another, or one that is not there.
 */
export function renderCode(parts: readonly (readonly CodeNode[])[]): string {
  return new CodeRendering(parts).whole()
}

class CodeRendering {
  readonly #parts: readonly (readonly CodeNode[])[]
  readonly #rendered = new Map<number, string>()
  readonly #open = new Set<number>()

  constructor(parts: readonly (readonly CodeNode[])[]) {
    this.#parts = parts
  }

  whole(): string {
    return this.#parts.map((_, at) => this.#part(at)).join('~')
  }

  #part(at: number): string {
    const known = this.#rendered.get(at)
    if (known !== undefined) return known
    const nodes = this.#parts[at]
    if (nodes === undefined) throw malformed('a disclosure is not there')
    if (this.#open.has(at) || this.#open.size > codeLimits.maxDigestDepth) {
      throw malformed('its digests need one another')
    }
    this.#open.add(at)
    const text = this.#text(nodes)
    this.#open.delete(at)
    this.#rendered.set(at, text)
    return text
  }

  #text(nodes: readonly CodeNode[]): string {
    return nodes.map((node) => this.#node(node)).join('')
  }

  #node(node: CodeNode): string {
    if (typeof node === 'string') return node
    if (node.kind === 'encoded') return encodeTextBase64Url(this.#text(node.nodes))
    if (node.kind === 'sd_hash') return hashBase64Url('sha-256', this.#boundText())
    // The disclosures lie between the first part and the last.
    const at = node.disclosure + 1
    if (at >= this.#parts.length - 1) throw malformed('a disclosure is not there')
    return hashBase64Url('sha-256', this.#part(at))
  }

  /** What `sd_hash` is computed over (RFC 9901 §4.3.1). */
  #boundText(): string {
    const bound = this.#parts.slice(0, -1)
    return `${bound.map((_, at) => this.#part(at)).join('~')}~`
  }
}
