import type { PackAge, PackWarning } from '@netcert/verifier/offline-pack'

/** What an operator reads of a pack's age and coverage, line by line. */
export function packAgeLines(age: PackAge): readonly string[] {
  const { coverage, builtAt, ageSeconds, listsEndAt, trustListEndsAt, warnings } = age
  return [
    `as of      ${minute(builtAt)}, ${ageOf(ageSeconds)} old`,
    `covers     ${coverage.lists} status lists of ${coverage.issuers} issuers`,
    ...(listsEndAt === null ? [] : [`lists      say something until ${minute(listsEndAt)}`]),
    `trust list until ${minute(trustListEndsAt)}`,
    ...warnings.map((warning) => `warning    ${packWarnings[warning]}`),
  ]
}

/** What each warning means, and what to do. */
export const packWarnings: Readonly<Record<PackWarning, string>> = {
  clock_behind: 'the clock is behind the pack: set it, for until then nothing is verified',
  trust_list_expired: 'the trust list has ended: bring a new pack',
  lists_expired: 'a status list has ended and says nothing good any more: bring a new pack',
  half_life: 'more than half of its time is over: bring a new pack in time',
}

function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16)}Z`
}

/** An age for people: minutes, hours, then days. */
export function ageOf(seconds: number): string {
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  return seconds < 172_800
    ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86_400)} days`
}
