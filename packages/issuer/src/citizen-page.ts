import type { CitizenRegister } from './authentic-source.js'

/** A page of the authentic source: references, never anything about a person. */
export type CitizenPage = {
  readonly citizens: readonly { readonly reference: string }[]
  /** Give it as `after` for the next page; `null` at the end. */
  readonly next: string | null
}

export type ListCitizensOptions = {
  /** 1 to 1,000. */
  readonly limit: number
  readonly after?: string
}

const LARGEST_PAGE = 1000

/** References of the authentic source, in an order that says nothing. */
export async function listCitizens(
  register: CitizenRegister,
  { limit, after }: ListCitizensOptions,
): Promise<CitizenPage> {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw new TypeError(`a page has 1 to ${LARGEST_PAGE} citizens`)
  }
  const references = await register.list({
    limit: limit + 1,
    ...(after === undefined ? {} : { after }),
  })
  const page = references.slice(0, limit)
  const last = references.length > limit ? page.at(-1) : undefined
  return { citizens: page.map((reference) => ({ reference })), next: last ?? null }
}
