import { InvalidArgumentError } from 'commander'
import { citizenReference } from './citizen-reference.js'

/** A parser of an argument that takes the reference of an application, never a word about a person. */
export function applicationReference(given: string): string {
  if (/^f_[0-9a-z]{26}$/.test(citizenReference(given))) return given
  throw new InvalidArgumentError('A reference begins with f_; `application list` shows them.')
}
