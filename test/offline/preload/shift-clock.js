/** Loaded before a program whose clock is wrong: it starts at OFFLINE_CLOCK and runs on from there. */

const RealDate = Date
const shift = RealDate.parse(process.env['OFFLINE_CLOCK'] ?? '') - RealDate.now()

class ShiftedDate extends RealDate {
  /** @param {any[]} parts */
  constructor(...parts) {
    // @ts-expect-error The parts are those of Date.
    super(...(parts.length === 0 ? [RealDate.now() + shift] : parts))
  }

  /** @override */
  static now() {
    return RealDate.now() + shift
  }
}

globalThis.Date = /** @type {DateConstructor} */ (/** @type {unknown} */ (ShiftedDate))
