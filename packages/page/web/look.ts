/** Light or dark. */
export type Look = 'light' | 'dark'

/** Sets light or dark; null leaves it to the system. */
export function followLook(look: Look | null): void {
  const { dataset } = document.documentElement
  if (look === null) delete dataset['look']
  else dataset['look'] = look
}
