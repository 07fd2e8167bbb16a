/** Sets light or dark; undefined leaves it to the system. */
export function followLook(look: 'light' | 'dark' | undefined): void {
  const { dataset } = document.documentElement
  if (look === undefined) delete dataset['look']
  else dataset['look'] = look
}
