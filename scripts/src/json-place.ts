/**
 * Path of the first member that an object names twice, `document.number`; `undefined` where none is.
 * For a text that is JSON otherwise.
 */
export function repeatedMember(text: string): string | undefined {
  const open: { readonly names: Set<string>; name: string | undefined }[] = []
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/gu)) {
    if (token === '{' || token === '[') open.push({ names: new Set(), name: undefined })
    else if (token === '}' || token === ']') open.pop()
    else if (/^\s*:/u.test(text.slice(index + token.length, index + token.length + 64))) {
      const object = open.at(-1)
      if (object === undefined) return undefined
      object.name = JSON.parse(token) as string
      if (object.names.has(object.name)) {
        return open
          .flatMap((each) => each.name ?? [])
          .map(shown)
          .join('.')
      }
      object.names.add(object.name)
    }
  }
  return undefined
}

/** A name is shown only when it reads like one: a value could stand where a name should. */
function shown(name: string): string {
  return /^[A-Za-z_][\w-]{0,39}$/u.test(name) ? name : '?'
}

/** Where a text stops being JSON, lines and columns from 1; `undefined` where the parser does not say. */
export function brokenPlace(text: string): { line: number; column: number } | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    // Nothing but the number is taken of it: the message quotes the text.
    const [, found] = /position (\d+)/u.exec(String(error)) ?? []
    const before = text.slice(0, found === undefined ? text.length : Number(found)).split('\n')
    return { line: before.length, column: Array.from(before.at(-1) ?? '').length + 1 }
  }
}
