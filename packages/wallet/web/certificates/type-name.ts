import { certificateTypes } from '@netcert/credential'
import { language } from '../texts/language.js'

/** The name of a type of certificate, in the language of the page. */
export function typeName(vct: string): string {
  return certificateTypes.get(vct)?.name[language.value] ?? vct
}
