/**
 * Keeps whoever listens instead of looking where they are. A button that was pressed and is gone takes the
 * focus with it, and so does a screen that is left: the next thing they hear would be the top of the page.
 * The heading of what stands there now gets it, or the place itself while there is none.
 *
 * @param main - Where the screens are; it can be focused.
 * @returns what ends it
 */
export function keepFocus(main: HTMLElement): () => void {
  let last: EventTarget | null = null
  let heading = main.querySelector('h1')
  const note = ({ target }: Event) => (last = target)
  const look = () => {
    const { activeElement } = document
    const isLost = last instanceof Node && !last.isConnected && isNowhere(activeElement)
    const found = main.querySelector('h1')
    // Where somebody waits for a screen, its heading is what they wait for.
    const hasCome = found !== heading && activeElement === main
    heading = found
    if (isLost || hasCome) focusHeading(main)
  }
  const watch = new MutationObserver(look)
  watch.observe(document.body, { childList: true, subtree: true })
  document.addEventListener('focusin', note)
  return () => {
    watch.disconnect()
    document.removeEventListener('focusin', note)
  }
}

/** Puts the focus on the heading of a screen that somebody came to, unless a field of it has it already. */
export function focusScreen(main: HTMLElement): void {
  const { activeElement } = document
  const isInside = main.contains(activeElement) && activeElement !== main
  if (!isInside) focusHeading(main)
}

/** What is to be settled first comes first. Nothing is scrolled: who looks is where they were. */
function focusHeading(main: HTMLElement): void {
  const within = document.querySelector<HTMLElement>('dialog[open]') ?? main
  const heading = within.querySelector<HTMLElement>('h1, h2')
  if (heading !== null) heading.tabIndex = -1
  const place = heading ?? within
  place.focus({ preventScroll: true })
}

const isNowhere = (element: Element | null) => element === null || element === document.body
