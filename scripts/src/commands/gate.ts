import type { Command } from 'commander'
import { addGateLane } from './gate-lane.js'
import { addGateLedger } from './gate-ledger.js'
import { addGateRun } from './gate-run.js'
import { addGateServe } from './gate-serve.js'
import { addGateTickets } from './gate-tickets.js'

/** `netcert gate …`: lanes of a venue, where neither side needs a network. */
export function addGateCommands(program: Command): void {
  const gate = program
    .command('gate')
    .description('lanes of a venue: set up, run with a scanner, ledgers, tickets')
  addGateLane(gate)
  addGateRun(gate)
  addGateServe(gate)
  addGateLedger(gate)
  addGateTickets(gate)
}
