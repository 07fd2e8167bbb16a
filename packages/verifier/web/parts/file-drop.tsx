import { useState } from 'preact/hooks'
import { texts } from '../texts/language.js'
import { Icon } from './icon.js'

type FileDropProps = {
  readonly testId: string
  readonly label: string
  readonly accept?: string
  readonly multiple?: boolean
  /** Name of the file that was chosen. */
  readonly chosen?: string
  readonly onFiles: (files: readonly File[]) => void
}

/** A field for files, to choose or to drop. */
export function FileDrop(props: FileDropProps) {
  const { testId, label, accept, multiple = false, chosen, onFiles } = props
  const [over, setOver] = useState(false)
  const { chooseFile, chooseOther, dropHere } = texts.value
  const take = (list: FileList | null | undefined) => {
    const files = [...(list ?? [])]
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1))
  }
  return (
    <label
      class={over ? 'drop file-button over' : 'drop file-button'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        event.stopPropagation()
        setOver(false)
        take(event.dataTransfer?.files)
      }}
    >
      <input
        type="file"
        data-testid={testId}
        aria-label={label}
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          take(event.currentTarget.files)
          // The same file can be chosen again after it was mended.
          event.currentTarget.value = ''
        }}
      />
      <Icon name="file" size={28} />
      <strong>{chosen ?? chooseFile}</strong>
      <span>{chosen === undefined ? dropHere : chooseOther}</span>
    </label>
  )
}
