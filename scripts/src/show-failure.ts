import { describeFailure, type FailureReport } from './describe-failure.js'
import type { Language } from './invocation.js'
import { exitCodes, type ExitCode } from './failure.js'
import { printableJson } from './printable.js'
import { coloured, padded, type Piece, render, styled, wrapped } from './screen.js'

/** Shows a failure on standard error, as text or as one JSON document, and gives the exit code. */
export function showFailure(error: unknown, json: boolean, language: Language): ExitCode {
  const report = describeFailure(error)
  const { stderr } = process
  if (json) stderr.write(`${printableJson({ error: report })}\n`)
  else stderr.write(failureText(report, coloured(stderr), language))
  if (process.env['NETCERT_TRACE'] && error instanceof Error) stderr.write(`${error.stack}\n`)
  return report.exit
}

/** The lines a failure is shown in: what failed, then cause, cure and code under one another. */
export function failureText(
  report: FailureReport,
  colour: boolean,
  language: Language = 'en',
): string {
  const word = report.exit === exitCodes.refused ? 'refused' : 'netcert'
  const lines = [[styled('red', word), `: `], ...rows(report, language)]
  const first = wrapped(report.message, 100 - word.length - 2)
  const [head = [], ...rest] = lines
  const shown: (readonly Piece[])[] = [
    [...head, first[0] ?? ''],
    ...first.slice(1).map((line) => [`  ${line}`]),
    ...rest,
  ]
  return shown.map((line) => `${line.map((piece) => render(piece, colour)).join('')}\n`).join('')
}

function rows(report: FailureReport, language: Language): (readonly Piece[])[] {
  // What the first line and the cure say already, in this very language, is not said again.
  const news = (report.findings ?? []).filter(({ cure }) => cure[language] !== report.cure)
  const found = news.flatMap(({ field, reason, cure }) => [
    ['', `${field === '' ? '' : `${field}: `}${reason[language]}`] as const,
    ['', cure[language]] as const,
  ])
  const parts = [
    ...found,
    ['status', freshnessLine(report)],
    ['cause', report.cause],
    ['cure', report.cure],
    ['code', report.code],
  ] as const
  return parts.flatMap(([label, text]) =>
    text === undefined
      ? []
      : wrapped(text, 90).map((line, at) => [
          '  ',
          padded(at === 0 ? styled('dim', label) : '', 7),
          line,
        ]),
  )
}

function freshnessLine({ freshness }: FailureReport): string | undefined {
  if (freshness === undefined) return undefined
  const { verdict, reason, as_of: asOf, age_seconds: seconds } = freshness
  const hours = Math.floor(seconds / 3600)
  const age = hours < 1 ? `${Math.floor(seconds / 60)} min` : `${hours} h`
  return `${verdict} (${reason}); evidence of ${asOf.slice(0, 16)}Z, ${age} old`
}
