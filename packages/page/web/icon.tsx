/** Own line icons on a grid of 24: those that both pages show. */
export const bothShapes = {
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  check: 'M4.5 12.8l5 5L19.5 7',
  cross: 'M6 6l12 12M18 6L6 18',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17.3h.01',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
  offline:
    'M3 9.5a13 13 0 0 1 4-2.7M11 5.9a13 13 0 0 1 10 3.6M6 13a8.6 8.6 0 0 1 4-2.2M9 16.4a4.3 4.3 0 0 1 6 0M12 19.5h.01M4 4l16 16',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
} as const

type IconProps<Name> = { readonly name: Name; readonly size?: number }

/**
 * Icons of a page, by name.
 *
 * @param usual - Their size in pixels where none is told.
 */
export function createIcon<Name extends string>(
  shapes: Readonly<Record<Name, string>>,
  usual: number,
) {
  /** A drawing beside a word; it never stands alone, so readers of the screen pass it over. */
  return function Icon({ name, size = usual }: IconProps<Name>) {
    return (
      <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
        <path d={shapes[name]} />
      </svg>
    )
  }
}
