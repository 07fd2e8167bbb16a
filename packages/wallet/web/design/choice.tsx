import { useId } from 'preact/hooks'

type ChoiceProps<T extends string> = {
  readonly testId: string
  readonly label: string
  readonly value: T
  readonly options: readonly (readonly [value: T, word: string])[]
  readonly onChoose: (value: T) => void
}

/** One of a few, all of them to be seen. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset class="field" data-testid={props.testId}>
      <legend class="field-label">{props.label}</legend>
      <div class="choice-row">
        {props.options.map(([value, word]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              data-testid={`${props.testId}-${value}`}
              checked={value === props.value}
              onChange={() => props.onChoose(value)}
            />
            <span>{word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** One of many, in the list that the device knows. */
export function Select<T extends string>(props: ChoiceProps<T> & { readonly hint?: string }) {
  return (
    <label class="field">
      <span class="field-label">{props.label}</span>
      <select
        data-testid={props.testId}
        value={props.value}
        onChange={({ currentTarget }) => {
          const found = props.options.find(([value]) => value === currentTarget.value)
          if (found !== undefined) props.onChoose(found[0])
        }}
      >
        {props.options.map(([value, word]) => (
          <option key={value} value={value} selected={value === props.value}>
            {word}
          </option>
        ))}
      </select>
      {props.hint === undefined ? null : <span class="field-hint">{props.hint}</span>}
    </label>
  )
}
