import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.js'

/** Things one can go to, one under the other. */
export function Rows(props: { readonly testId?: string; readonly children: ComponentChildren }) {
  return (
    <ul class="rows" data-testid={props.testId}>
      {props.children}
    </ul>
  )
}

type RowProps = {
  readonly testId?: string
  readonly icon?: IconName
  readonly title: ComponentChildren
  /** A second, quieter line. */
  readonly note?: ComponentChildren
  /** A word or figure at the end of the line. */
  readonly end?: ComponentChildren
}

function Words({ icon, title, note, end }: RowProps) {
  return (
    <>
      {icon === undefined ? null : <Icon name={icon} />}
      <span class="row-words">
        <span>{title}</span>
        {note === undefined ? null : <small>{note}</small>}
      </span>
      {end === undefined ? null : <span class="row-end">{end}</span>}
    </>
  )
}

/** A line that leads to a place. */
export function RowLink(props: RowProps & { readonly href: string }) {
  return (
    <li>
      <a class="row-link" href={props.href} data-testid={props.testId}>
        <Words {...props} />
        <Icon name="next" size={18} />
      </a>
    </li>
  )
}

/** A line that does something. */
export function RowButton(props: RowProps & { readonly onPress: () => void }) {
  return (
    <li>
      <button type="button" class="row-link" data-testid={props.testId} onClick={props.onPress}>
        <Words {...props} />
      </button>
    </li>
  )
}

/** A line to read. */
export function Row(props: RowProps) {
  return (
    <li>
      <div class="row-plain" data-testid={props.testId}>
        <Words {...props} />
      </div>
    </li>
  )
}
