/** To the scanner's worker: a frame of the camera, or a picture somebody brought. */
export type ReadOrder =
  | { readonly id: number; readonly what: 'frame'; readonly frame: ImageBitmap }
  | { readonly id: number; readonly what: 'picture'; readonly picture: Blob }

/** Its answer; null: there is no code in it. */
export type ReadAnswer = {
  readonly id: number
  readonly text: string | null
  /** It could not be looked at, at all. */
  readonly failed?: true
}
