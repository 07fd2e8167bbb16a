/** Puts the light of a camera on or off. */
export type CameraLight = (on: boolean) => Promise<void>

/** `torch`, which the browser's types do not know yet (Image Capture standard). */
type Torch = { readonly torch?: boolean }

/** The light of the camera behind a picture; null where it has none, or the browser does not say. */
export function lightOf(stream: MediaStream): CameraLight | null {
  const [track] = stream.getVideoTracks()
  // Not every browser can be asked what a camera is able to do.
  const asking = track?.getCapabilities as MediaStreamTrack['getCapabilities'] | undefined
  const { torch } = (asking?.call(track) ?? {}) as Torch
  if (track === undefined || torch !== true) return null
  return (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] })
}
