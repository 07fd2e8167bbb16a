/** A number with its noun, in the form that the number asks for: `1 batch`, `2 batches`. */
export function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`
}
