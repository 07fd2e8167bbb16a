import { encodeBase64Url } from '@netcert/credential'
import { VerifierError } from '../errors.js'
import { tagPerson } from './gate-tags.js'
import type { Mac } from './lane.js'

/** Who has a ticket for an event, by tags alone. */
export type AdmissionList = {
  readonly event: string
  readonly issuedAt: Date
  readonly size: number
  /** Whether the person of this tag has a ticket. */
  has(person: string): boolean
}

const FIRST_LINE = 'netcert-gate-tickets 1'
/** Two million tickets. */
const MAX_FILE_CHARACTERS = 64 * 1024 * 1024
const TAG = /^[\w-]{22}$/

/**
 * Makes a list of tickets from the platform numbers that bought one. Of the numbers only tags are in
 * it, under the ledger key of the event, and so is its last line: who has not that key can neither
 * read nor change it.
 *
 * @param numbers - Platform numbers in canonical form.
 * @see docs/formats/gate-ledger.md
 */
export async function createAdmissionList(options: {
  readonly tagMac: Mac
  readonly event: string
  readonly numbers: Iterable<string>
  readonly issuedAt: Date
}): Promise<string> {
  const { tagMac, event, numbers, issuedAt } = options
  const tags = new Set<string>()
  for (const number of numbers) tags.add(await tagPerson(tagMac, event, number))
  // In order of the tags: the order of sales says something too.
  const lines = [
    FIRST_LINE,
    `event ${event}`,
    `issued-at ${Math.floor(issuedAt.getTime() / 1000)}`,
    `tickets ${tags.size}`,
    ...[...tags].toSorted(),
  ]
  const text = `${lines.join('\n')}\n`
  return `${text}mac ${await macOf(tagMac, text)}\n`
}

/**
 * Reads a list of tickets and checks that it is of this event, whole, and unchanged.
 *
 * @param options - `notBefore`: `issuedAt` of the newest list seen here, null for none: tickets that
 *   were sold back must not come alive again with an older list.
 * @throws VerifierError `tickets_malformed`, `tickets_older`, `ledger_other_event`
 */
export async function readAdmissionList(
  file: string,
  options: {
    readonly tagMac: Mac
    readonly event: string
    readonly notBefore: Date | null
  },
): Promise<AdmissionList> {
  const { tagMac, event, notBefore } = options
  if (file.length > MAX_FILE_CHARACTERS) throw malformed('it is too long')
  const end = file.lastIndexOf('mac ')
  const text = file.slice(0, Math.max(0, end))
  const [first, eventLine = '', issuedLine = '', countLine = '', ...rest] = text.split('\n')
  if (first !== FIRST_LINE || end < 0) throw malformed('it is no list of tickets')
  // Every list is under a key of its event, so the wrong event is told before the wrong key.
  if (eventLine !== `event ${event}`) throw otherEvent()
  if (file.slice(end + 4).trimEnd() !== (await macOf(tagMac, text))) {
    throw malformed('it was changed, cut off, or made for other lanes')
  }
  const tags = rest.slice(0, -1)
  if (countLine !== `tickets ${tags.length}` || !tags.every((tag) => TAG.test(tag))) {
    throw malformed('it is not of its form')
  }
  const issuedAt = new Date(Number(issuedLine.slice('issued-at '.length)) * 1000)
  if (Number.isNaN(issuedAt.getTime())) throw malformed('it has no time')
  if (notBefore !== null && issuedAt < notBefore) {
    throw new VerifierError(
      'tickets_older',
      'this list of tickets is older than the one at hand; bring the newest.',
    )
  }
  const known = new Set(tags)
  return { event, issuedAt, size: known.size, has: (person) => known.has(person) }
}

async function macOf(mac: Mac, text: string): Promise<string> {
  const data = new TextEncoder().encode(`netcert/gate-tickets/v1\n${text}`)
  return encodeBase64Url(await mac(data))
}

function malformed(problem: string): VerifierError {
  return new VerifierError(
    'tickets_malformed',
    `the list of tickets is refused: ${problem}; make it again with the lane files of this event.`,
  )
}

function otherEvent(): VerifierError {
  return new VerifierError('ledger_other_event', 'this list of tickets is of another event.')
}
