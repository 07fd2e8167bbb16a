/** Notes an instant for whoever measures the page (`gate:frame`, `gate:read`, `gate:verdict`). */
export function mark(name: string, detail: unknown, startTime?: number): void {
  performance.mark(name, { detail, ...(startTime === undefined ? {} : { startTime }) })
  if (performance.getEntriesByType('mark').length > MARKS) performance.clearMarks()
}

/** A kiosk runs for days: what nobody reads must not pile up. */
const MARKS = 2_000
