/** What hand, light and camera do to a code. Lengths in pixels of the sensor, angles in degrees. */
export type Condition = {
  /** Width of the code with its quiet zone, as a part of the frame's height. */
  readonly size: number
  readonly roll: number
  readonly yaw: number
  readonly pitch: number
  readonly blurSigma: number
  readonly motionPixels: number
  readonly whiteElectrons: number
  readonly whiteLevel: number
  /** Radius of the lamp in the glass, as a part of the code's width; 0 is none. */
  readonly glareRadius: number
  readonly glareVeil: number
  /** Quality of the camera's own compression, as libjpeg counts it. */
  readonly jpegQuality: number
}

/** A phone held well before a cheap camera: still a lens that is a little soft, and some noise. */
const held: Condition = {
  size: 0.62,
  roll: 3,
  yaw: 4,
  pitch: -5,
  blurSigma: 0.7,
  motionPixels: 0,
  whiteElectrons: 2000,
  whiteLevel: 0.9,
  glareRadius: 0,
  glareVeil: 0,
  jpegQuality: 75,
}

/** The conditions of the walks, by name. `held` with one thing worse each, `hard` with several. */
export const conditions = {
  clean: held,
  tilted: { ...held, yaw: 34, pitch: 18, roll: 8 },
  rotated: { ...held, roll: 141 },
  blurred: { ...held, blurSigma: 1.6 },
  dark: { ...held, whiteElectrons: 120, whiteLevel: 0.3, blurSigma: 0.9 },
  glare: { ...held, glareRadius: 0.05, glareVeil: 0.25 },
  small: { ...held, size: 0.42 },
  motion: { ...held, motionPixels: 6 },
  hard: {
    ...held,
    yaw: 20,
    pitch: 10,
    roll: 25,
    blurSigma: 1.1,
    whiteElectrons: 250,
    motionPixels: 3,
  },
} as const satisfies Record<string, Condition>

export type ConditionName = keyof typeof conditions

/** In the order of a report. */
export const conditionNames = Object.keys(conditions) as readonly ConditionName[]

/** One thing of the camera made worse in steps, all else held well. */
export type Ladder = {
  readonly name: string
  readonly unit: string
  readonly steps: readonly number[]
  readonly at: (step: number) => Condition
}

/** Up to where a code is read is asked on each of these. */
export const ladders: readonly Ladder[] = [
  {
    name: 'tilt',
    unit: 'degrees',
    steps: [20, 30, 40, 45, 50, 55, 60, 65],
    at: (yaw) => ({ ...held, yaw }),
  },
  {
    name: 'turn',
    unit: 'degrees',
    steps: [15, 45, 90, 135, 180],
    at: (roll) => ({ ...held, roll }),
  },
  {
    name: 'blur',
    unit: 'pixels (sigma)',
    steps: [1, 1.5, 2, 2.5, 3, 3.5, 4, 5],
    at: (blurSigma) => ({ ...held, blurSigma }),
  },
  {
    name: 'darkness',
    unit: 'electrons a white pixel',
    steps: [250, 120, 60, 30, 15, 8, 4],
    at: (whiteElectrons) => ({ ...held, whiteElectrons, whiteLevel: 0.3, blurSigma: 1 }),
  },
  {
    name: 'glare',
    unit: 'radius in code widths',
    steps: [0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15],
    at: (glareRadius) => ({ ...held, glareRadius, glareVeil: 0.25 }),
  },
  {
    name: 'size',
    unit: 'of the frame’s height',
    steps: [0.6, 0.5, 0.42, 0.36, 0.3, 0.25, 0.2, 0.16],
    at: (size) => ({ ...held, size }),
  },
  {
    name: 'motion',
    unit: 'pixels',
    steps: [4, 6, 8, 10, 12, 16, 20],
    at: (motionPixels) => ({ ...held, motionPixels }),
  },
]
