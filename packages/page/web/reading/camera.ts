import { elapsed } from '../clock.js'

/** Why there is no picture. */
export type CameraProblem = 'refused' | 'missing' | 'busy' | 'unsupported'

/** Which camera: one by name, or the side of the device it looks from. */
export type CameraChoice =
  | { readonly deviceId: string }
  | { readonly facing: 'user' | 'environment' }

/** A camera somebody can choose. */
export type ListedCamera = { readonly deviceId: string; readonly label: string }

/** A frame and when it was taken from the camera, milliseconds since the page was opened. */
export type Frame = { readonly picture: ImageBitmap; readonly takenAt: number }

/** @throws Error with a name of the Media Capture standard, see {@link cameraProblemOf} */
export async function openCamera(choice: CameraChoice): Promise<MediaStream> {
  // Not there at all where the page is not served from a safe origin.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (devices === undefined) throw new DOMException('no cameras here', 'NotSupportedError')
  const which =
    'deviceId' in choice
      ? { deviceId: { exact: choice.deviceId } }
      : { facingMode: { ideal: choice.facing } }
  const video = {
    ...which,
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
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

/** Cameras by name; browsers tell names only once one was allowed. */
export async function listCameras(): Promise<readonly ListedCamera[]> {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  const all = (await devices?.enumerateDevices()) ?? []
  return all
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }))
}

/**
 * Hands out one frame after another, each only when the one before was looked at: a slow device
 * reads fewer frames, never old ones.
 *
 * @returns what stops it
 */
export function eachFrame(
  video: HTMLVideoElement,
  look: (frame: Frame) => Promise<void>,
): () => void {
  let running = true
  const next = () => {
    if (running) video.requestVideoFrameCallback(() => void take())
  }
  const take = async () => {
    try {
      const takenAt = elapsed()
      if (running && video.videoWidth > 0)
        await look({ picture: await createImageBitmap(video), takenAt })
    } finally {
      next()
    }
  }
  next()
  return () => {
    running = false
  }
}

/** Lets the camera go; its light goes out. */
export function stopCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
