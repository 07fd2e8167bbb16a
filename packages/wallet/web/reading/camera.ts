/** Why there is no picture. */
export type CameraProblem = 'refused' | 'missing' | 'busy' | 'unsupported'

/** The camera on the back of the device. @throws Error with a name of the Media Capture standard */
export async function openCamera(): Promise<MediaStream> {
  // Not there at all where the page is not served from a safe origin.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (devices === undefined) throw new DOMException('no cameras here', 'NotSupportedError')
  const video = {
    facingMode: { ideal: 'environment' },
    width: { ideal: 1280 },
    height: { ideal: 720 },
  }
  return devices.getUserMedia({ audio: false, video })
}

/** The step that failed, told by the standard's names of errors. */
export function cameraProblemOf(error: unknown): CameraProblem {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  if (name === 'NotSupportedError') return 'unsupported'
  return 'busy'
}

/**
 * Hands out one frame after another, each only when the one before was looked at.
 *
 * @returns what stops it
 */
export function eachFrame(
  video: HTMLVideoElement,
  look: (frame: ImageBitmap) => Promise<void>,
): () => void {
  let running = true
  const next = () => {
    if (running) video.requestVideoFrameCallback(() => void take())
  }
  const take = async () => {
    try {
      if (running && video.videoWidth > 0) await look(await createImageBitmap(video))
    } finally {
      next()
    }
  }
  next()
  return () => {
    running = false
  }
}

export function stopCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
