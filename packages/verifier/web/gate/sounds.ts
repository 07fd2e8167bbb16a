import { type ReadonlySignal, signal } from '@preact/signals'
import type { GateColour } from '@netcert/verifier/gate'

/** Plays a sound of its own for each colour, made on the spot: told apart with the eyes elsewhere. */
export type Sounds = {
  /** Browsers stay silent until somebody touched the page; call it from a tap or a key. */
  allow(): Promise<void>
  /** False while the browser keeps it silent. */
  readonly isAllowed: ReadonlySignal<boolean>
  play(colour: GateColour): void
}

type Tone = {
  readonly hertz: number
  readonly startsAt: number
  readonly seconds: number
  readonly wave: OscillatorType
}

/** Green rises, amber repeats, red is low and rough. */
const tones: Readonly<Record<GateColour, readonly Tone[]>> = {
  green: [
    { hertz: 659, startsAt: 0, seconds: 0.12, wave: 'sine' },
    { hertz: 988, startsAt: 0.11, seconds: 0.22, wave: 'sine' },
  ],
  amber: [0, 0.2, 0.4].map((startsAt) => ({
    ...{ hertz: 587, startsAt, seconds: 0.13, wave: 'triangle' },
  })),
  red: [
    { hertz: 185, startsAt: 0, seconds: 0.28, wave: 'sawtooth' },
    { hertz: 139, startsAt: 0.3, seconds: 0.45, wave: 'sawtooth' },
  ],
}
const LOUDNESS: Readonly<Record<OscillatorType, number>> = {
  sine: 0.5,
  triangle: 0.55,
  sawtooth: 0.25,
  square: 0.2,
  custom: 0.3,
}

export function createSounds(): Sounds {
  let context: AudioContext | null = null
  const isAllowed = signal(false)
  const follow = () => {
    isAllowed.value = context?.state === 'running'
  }
  return {
    isAllowed,
    async allow() {
      if (context === null) {
        context = new AudioContext()
        // Browsers stop it by themselves, for a call on the phone for one.
        context.addEventListener('statechange', follow)
      }
      if (context.state !== 'running') await context.resume()
      follow()
    },
    play(colour) {
      if (context?.state !== 'running') return
      for (const tone of tones[colour]) playTone(context, tone)
    },
  }
}

function playTone(context: AudioContext, { hertz, startsAt, seconds, wave }: Tone): void {
  const start = context.currentTime + startsAt
  const source = new OscillatorNode(context, { type: wave, frequency: hertz })
  const volume = new GainNode(context, { gain: 0 })
  // Without ramps loudspeakers click.
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(LOUDNESS[wave], start + 0.015)
  volume.gain.setValueAtTime(LOUDNESS[wave], start + seconds - 0.04)
  volume.gain.linearRampToValueAtTime(0, start + seconds)
  source.connect(volume).connect(context.destination)
  source.start(start)
  source.stop(start + seconds)
}
