/**
 * A vitest reporter that closes the run with `N passed, N failed, N skipped` alone on the last line,
 * so that a person, a script or a CI server reads the result in one place.
 *
 * A file that could not be loaded and an error outside any test count as failures: a run in which
 * something broke never says `0 failed`.
 */

/** Counts the results of finished test modules. */
export function countResults(testModules, unhandledErrors) {
  const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
  for (const testModule of testModules) {
    count.failed += testModule.errors().length
    for (const suite of testModule.children.allSuites()) count.failed += suite.errors().length
    for (const test of testModule.children.allTests()) {
      // A test left `pending` was cut off by a broken run: that is no pass, and nobody skipped it.
      const { state } = test.result()
      if (state === 'passed' || state === 'skipped') count[state] += 1
      else count.failed += 1
    }
  }
  return count
}

/**
 * A line for each test, suite, file or stray error that failed, and for each test that passed only when
 * it was run again: whoever sees nothing but the end of a long run reads there what it was.
 */
export function nameFailures(testModules, unhandledErrors) {
  const lines = unhandledErrors.map((error) => `failed: outside any test: ${firstLine([error])}`)
  for (const testModule of testModules) {
    const file = testModule.relativeModuleId
    const broken = [testModule, ...testModule.children.allSuites()]
    for (const part of broken.filter((it) => it.errors().length > 0)) {
      lines.push(`failed: ${file} > ${part.fullName ?? ''}: ${firstLine(part.errors())}`)
    }
    for (const test of testModule.children.allTests()) lines.push(...nameTest(file, test))
  }
  return lines
}

function nameTest(file, test) {
  const { state, errors } = test.result()
  const name = `${file} > ${test.fullName}`
  if (state === 'failed') return [`failed: ${name}: ${firstLine(errors ?? [])}`]
  if (state === 'pending') return [`failed: ${name}: cut off`]
  return test.diagnostic()?.flaky
    ? [`passed when run again: ${name}: ${firstLine(errors ?? [])}`]
    : []
}

function firstLine([error]) {
  return String(error?.message ?? error ?? '').split('\n', 1)[0]
}

/** The closing line, in the words other programs look for. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

// biome and oxlint allow this default export: vitest loads a reporter by it.
export default class ClosingLineReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const line = closingLine(countResults(testModules, unhandledErrors))
    const named = nameFailures(testModules, unhandledErrors).map((failure) => `${failure}\n`)
    // Other reporters and vitest's own closing words come first: the line waits for the very end.
    process.once('exit', () => process.stdout.write(`\n${named.join('')}\n${line}\n`))
  }
}
