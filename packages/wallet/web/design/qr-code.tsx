import { qrPath } from '@netcert/page/qr-path'
import { useMemo } from 'preact/hooks'

/**
 * A QR code, black on white in every look: scanners read nothing else well. It comes with a whole library,
 * so import it from screens that are loaded when they are gone to.
 */
export function QrCode(props: {
  readonly testId: string
  readonly text: string
  /** What the code is, for whoever listens. */
  readonly label: string
}) {
  const { path, size } = useMemo(() => qrPath(props.text), [props.text])
  return (
    <svg
      class="qr"
      role="img"
      aria-label={props.label}
      data-testid={props.testId}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <path d={path} />
    </svg>
  )
}
