import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { wholeNumber } from '../choices.js'
import { listenForInterrupt } from '../interrupt.js'
import { type Invocation, perform } from '../invocation.js'

type DemoOptions = { readonly once?: true; readonly port?: number }

/** `netcert demo`: the whole job, told step by step. `npm start` runs it. */
export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description('watch the whole job: mint, hold, present, verify offline, revoke')
    .option('--once', 'end after it; otherwise the servers stay up until Ctrl-C')
    .addOption(
      new Option('--port <n>', 'port of the published files (8640, or a free one)').argParser(
        wholeNumber(1, 65_535),
      ),
    )
    .addHelpText(
      'after',
      `
Works in ./netcert-demo (or --dir), which is emptied first when an earlier demo made it and left
alone when it did not. Opens no connection to anywhere.

Examples:
  netcert demo --once
  netcert demo --dir /tmp/netcert-demo --port 9000`,
    )
  perform<DemoOptions>(command, demo)
}

async function demo(invocation: Invocation, { once, port }: DemoOptions): Promise<void> {
  const dir = invocation.dir ?? resolve('netcert-demo')
  const interruption = listenForInterrupt('Run it again: the demo starts from the beginning.')
  try {
    const { runDemo } = await import('../demo/demo.js')
    await runDemo({ invocation, dir, once: once === true, port, interruption })
  } finally {
    interruption.close()
  }
}
