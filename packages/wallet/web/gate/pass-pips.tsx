/** More of them would be a texture, not a number. */
const MOST = 16

/** Passes as a row of stubs: those that are left, the one that would be used now, those that are gone. */
export function PassPips(props: {
  readonly left: number
  readonly copies: number
  /** So many of those that are left would be used now. */
  readonly using: number
}) {
  const { left, copies, using } = props
  if (copies > MOST) return null
  const kindOf = (at: number) => (at < left - using ? 'left' : at < left ? 'using' : 'gone')
  return (
    <div class="gate-pips" aria-hidden="true">
      {Array.from({ length: copies }, (_, at) => (
        <span key={at} class={`gate-pip ${kindOf(at)}`} />
      ))}
    </div>
  )
}
