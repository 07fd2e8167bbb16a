/** The label that a wallet gives a child nobody named yet. */
const GIVEN = /^child-(\d{1,4})$/

/**
 * What a child is called on the screen: by their label, or by a number where nobody named them.
 *
 * @param child - Says "Child 2" in the language of the page.
 */
export function wardWord(label: string, child: (number: number) => string): string {
  const found = GIVEN.exec(label)
  return found === null ? label : child(Number(found[1]))
}
