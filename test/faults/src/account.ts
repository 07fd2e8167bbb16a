import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExpandedList, expandList, networkNumberOf, placeOf } from './certificate.js'
import type { Line } from './lines.js'

/** What is wrong: lost is what was acknowledged and does not hold, doubled what was given twice. */
export type Findings = { readonly lost: readonly string[]; readonly doubled: readonly string[] }

type Certificate = { readonly batch: string; readonly uri: string; readonly index: number }

const REVOKED = 1

/** Everything one issuer ever acknowledged, kept by those it acknowledged it to. */
export class Account {
  readonly #certificates: Certificate[] = []
  readonly #revoked = new Set<string>()
  readonly #asked = new Set<string>()
  readonly #places = new Map<string, string>()
  readonly #numberOf = new Map<string, string>()
  readonly #citizenOf = new Map<string, string>()
  readonly #doubled: string[] = []

  /** Takes what a process said; gives the batches that are new and not revoked. */
  enter(lines: readonly Line[]): string[] {
    const minted: string[] = []
    for (const line of lines) {
      if (line.kind === 'revoked') {
        this.ask([line.batch])
        this.#revoked.add(line.batch)
      }
      if (line.kind !== 'minted') continue
      minted.push(line.batch)
      const place = placeOf(line.credential)
      this.#certificates.push({ batch: line.batch, ...place })
      this.#once(this.#places, `${place.uri} ${place.index}`, line.batch)
      this.#oneNumber(line.citizen, networkNumberOf(line.credential) ?? 'none')
    }
    return minted
  }

  /** A revocation that was asked for and not acknowledged may have happened or not. */
  ask(batches: readonly string[]): void {
    for (const batch of batches) this.#asked.add(batch)
  }

  /** Compares what was acknowledged with what the issuer published after it came back. */
  check(publishedDir: string): Findings {
    const folder = join(publishedDir, 'status')
    const lists = new Map<string, ExpandedList>()
    for (const name of readdirSync(folder)) {
      const list = expandList(readFileSync(join(folder, name), 'utf8'))
      lists.set(list.uri, list)
    }
    const lost = this.#certificates.flatMap((certificate) => this.#lossOf(certificate, lists))
    return { lost, doubled: this.#doubled }
  }

  #lossOf({ batch, uri, index }: Certificate, lists: ReadonlyMap<string, ExpandedList>): string[] {
    const list = lists.get(uri)
    if (list === undefined) return [`${batch}: its list ${uri} is not published`]
    const isRevoked = list.statusAt(index) === REVOKED
    if (this.#revoked.has(batch) && !isRevoked) return [`${batch}: its revocation was acknowledged`]
    // A place that two certificates share shows here, too: one is revoked and the other with it.
    if (!this.#asked.has(batch) && isRevoked) return [`${batch}: revoked by nobody`]
    return []
  }

  #oneNumber(citizen: string, number: string): void {
    if ((this.#numberOf.get(citizen) ?? number) !== number) {
      this.#doubled.push(`${citizen}: two network numbers`)
    }
    this.#numberOf.set(citizen, number)
    this.#once(this.#citizenOf, number, citizen)
  }

  #once(given: Map<string, string>, what: string, to: string): void {
    const before = given.get(what)
    if (before !== undefined && before !== to) this.#doubled.push(`${what}: ${before} and ${to}`)
    given.set(what, to)
  }
}
