import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { ListsStanding } from './lists-standing.js'
import type { PublicationFailure } from './publication-steps.js'

/**
 * What a monitor reads of an issuer's lists and keys, in the text form of Prometheus. Labels are kinds,
 * numbers of lists, uses of keys and names of steps: never anything about a person or a batch.
 */
export type PublicationMetrics = {
  readonly contentType: string
  /** Counts a run of the job. */
  ran(failed: readonly PublicationFailure[]): void
  /** Everything as it is now. */
  read(): Promise<string>
}

/** Metrics of one process; `standing` is looked at each time they are read. */
export function createPublicationMetrics(
  standing: () => Promise<ListsStanding>,
): PublicationMetrics {
  const registry = new Registry()
  // Memory, processor and the lag of the event loop.
  collectDefaultMetrics({ register: registry })
  const runs = new Counter({
    name: 'netcert_publications_total',
    help: 'Runs of the publication job in this process, by how they went.',
    labelNames: ['result'],
    registers: [registry],
  })
  runs.inc({ result: 'done' }, 0)
  runs.inc({ result: 'failed' }, 0)
  const gauges = createGauges(registry)
  return {
    contentType: registry.contentType,
    ran: (failed) => runs.inc({ result: failed.length === 0 ? 'done' : 'failed' }),
    async read() {
      fill(gauges, await standing())
      return registry.metrics()
    },
  }
}

type Gauges = ReturnType<typeof createGauges>

function createGauges(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `netcert_${name}`, help, labelNames, registers: [registry] })
  const list = ['kind', 'list'] as ('kind' | 'list')[]
  return {
    age: gauge('list_age_seconds', 'Seconds since a list was signed.', list),
    left: gauge('list_left_seconds', 'Seconds until a list ends; below 0 once it has.', list),
    half: gauge('list_past_half_life', '1 for a list in the second half of its life.', list),
    keyLeft: gauge('key_left_seconds', 'Seconds until the window of the active key ends.', ['use']),
    keyAge: gauge('key_age_seconds', 'Seconds since the active key began to sign.', ['use']),
    keyActive: gauge('key_active', '1 where a key is active, 0 where nothing is signed.', ['use']),
    accredited: gauge('accreditations', 'Accreditations that count.', []),
    accreditationLeft: gauge(
      'accreditation_left_seconds',
      'Seconds until the first accreditation ends.',
      [],
    ),
    stepFailures: gauge('publication_step_failures', 'Failures of a step one after another.', [
      'step',
    ]),
    stepDone: gauge('publication_step_done_timestamp_seconds', 'When a step was last done whole.', [
      'step',
    ]),
    packAge: gauge('pack_age_seconds', 'Seconds since the newest offline pack was begun.', []),
    halted: gauge('signing_halted', '1 while nothing is signed after an alarm.', []),
  }
}

/** What is gone since the last reading is not shown any more. */
function fill(
  gauges: Gauges,
  { lists, keys, accreditations, steps, ...rest }: ListsStanding,
): void {
  for (const gauge of Object.values(gauges)) gauge.reset()
  for (const { kind, list, ageSeconds, leftSeconds, lifetimeSeconds } of lists) {
    const labels = { kind, list: String(list) }
    gauges.age.set(labels, ageSeconds)
    gauges.left.set(labels, leftSeconds)
    gauges.half.set(labels, leftSeconds < lifetimeSeconds / 2 ? 1 : 0)
  }
  for (const { use, leftSeconds, ageSeconds } of keys) {
    gauges.keyActive.set({ use }, leftSeconds === null ? 0 : 1)
    if (leftSeconds !== null) gauges.keyLeft.set({ use }, leftSeconds)
    if (ageSeconds !== null) gauges.keyAge.set({ use }, ageSeconds)
  }
  gauges.accredited.set(accreditations.current)
  const { leastLeftSeconds } = accreditations
  if (leastLeftSeconds !== null) gauges.accreditationLeft.set(leastLeftSeconds)
  for (const { step, failures, doneAt } of steps) {
    gauges.stepFailures.set({ step }, failures)
    gauges.stepDone.set({ step }, doneAt)
  }
  gauges.halted.set(rest.signingHalted ? 1 : 0)
  // Whoever never built one is not behind with it.
  if (rest.pack === null) gauges.packAge.remove()
  else gauges.packAge.set(rest.pack.ageSeconds)
}
